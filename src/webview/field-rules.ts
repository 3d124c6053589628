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

/** Model names, one per line or between commas. */
export function splitModels(text: string): string[] {
  return [...new Set(text.split(/[\n,]/).map((name) => name.trim()))].filter((name) => name !== '');
}
