/**
 * The rules of the settings' schema for the fields one types into, without zod: the panel's bundle stays small.
 * The host checks again with the schema itself, and a test keeps the two in agreement.
 */
import { t } from '@vscode/l10n';

/** What is wrong with a port as typed, or nothing. */
export function portProblem(text: string): string | undefined {
  const digits = text.trim();
  const port = Number(digits);
  return /^\d{1,5}$/.test(digits) && port >= 1 && port <= 65_535
    ? undefined
    : t('The port must be a whole number from 1 to 65535.');
}

/** What is wrong with a local API key as typed, or nothing. */
export function keyProblem(key: string): string | undefined {
  if (!key.startsWith('sk-')) return t('The API key must start with "sk-".');
  if (key.length < 10) return t('The API key must have at least 10 characters.');
  if (!/^[\x21-\x7e]+$/.test(key)) return t('The API key must be printable ASCII without spaces.');
  return undefined;
}

/** What is wrong with an upstream's base URL as typed, or nothing. */
export function baseUrlProblem(text: string): string | undefined {
  const trimmed = text.trim();
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
  return url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash
    ? undefined
    : t('The base URL must be an http or https URL without user, query or fragment.');
}

/** What is wrong with a priority as typed, or nothing. Empty is the default. */
export function priorityProblem(text: string): string | undefined {
  return text.trim() === '' || (/^-?\d{1,4}$/.test(text.trim()) && Math.abs(Number(text)) <= 1000)
    ? undefined
    : t('The priority must be a whole number from -1000 to 1000.');
}

/** What is wrong with a weight as typed, or nothing. Empty is the default. */
export function weightProblem(text: string): string | undefined {
  const weight = Number(text);
  return text.trim() === '' || (/^\d*\.?\d+$/.test(text.trim()) && weight > 0 && weight <= 1000)
    ? undefined
    : t('The weight must be a number above 0, at most 1000.');
}

/** What is wrong with a count from 1 up as typed, or nothing. Empty is none. */
export function countProblem(text: string, most: number): string | undefined {
  const trimmed = text.trim();
  return trimmed === '' || (/^\d{1,9}$/.test(trimmed) && Number(trimmed) >= 1 && Number(trimmed) <= most)
    ? undefined
    : t('This must be a whole number from 1 to {0}.', most);
}

/** What is wrong with a cloud region as typed, or nothing. */
export function regionProblem(text: string): string | undefined {
  return /^[a-z0-9-]{0,64}$/.test(text.trim())
    ? undefined
    : t('A region has small letters, digits and "-" only.');
}

/** What is wrong with the name of a client key as typed, or nothing. */
export function clientKeyNameProblem(text: string, taken: readonly string[]): string | undefined {
  const name = text.trim();
  if (name === '') return t('The name is missing.');
  if (!/^[A-Za-z0-9][\w .-]{0,63}$/.test(name))
    return t('A name has letters, digits, spaces, "_", "." and "-" only.');
  return taken.includes(name) ? t('There is a key of this name already.') : undefined;
}

/** What is wrong with a route's pattern as typed, or nothing. */
export function patternProblem(text: string, taken: readonly string[]): string | undefined {
  const pattern = text.trim();
  if (pattern === '') return t('The pattern is missing.');
  if (pattern.length > 256) return t('A pattern has at most 256 characters.');
  return taken.includes(pattern) ? t('There is a route for this pattern already.') : undefined;
}

/** What is wrong with a route's targets as typed, or nothing. */
export function targetsProblem(text: string): string | undefined {
  const targets = splitModels(text);
  if (targets.length === 0) return t('At least one target is needed.');
  if (targets.length > 50) return t('A route has at most 50 targets.');
  const star = targets.find((target) => target.includes('*'));
  if (star !== undefined) return t('A target is one model, not a pattern: {0}', star);
  return targets.some((target) => target.length > 256)
    ? t('A model name has at most 256 characters.')
    : undefined;
}

/** Model names, one per line or between commas. */
export function splitModels(text: string): string[] {
  return [...new Set(text.split(/[\n,]/).map((name) => name.trim()))].filter((name) => name !== '');
}
