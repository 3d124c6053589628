/** What a key of an upstream account may look like. Without zod: the panel may check while one types. */
import type { ProviderName } from './setting-names';

/** Longest key in characters: a service account's JSON has about 2400. */
export const LONGEST_ACCOUNT_KEY = 16_384;

/** A key as it is kept, or why it cannot be one. */
export type CheckedKey = { ok: true; key: string } | { ok: false; problem: string };

/**
 * A key as typed or pasted → as it is kept: one line of printable ASCII.
 * For Vertex AI it may be the JSON file of a service account, on many lines: it is kept without its white space.
 * @returns a problem in English words that never quote the key
 */
export function checkAccountKey(provider: ProviderName, typed: string): CheckedKey {
  const key = typed.trim();
  if (key.length > LONGEST_ACCOUNT_KEY) return { ok: false, problem: 'The key is too long.' };
  if (provider === 'vertex' && key.startsWith('{')) return checkJsonKey(key);
  return /^[\x20-\x7e]*$/.test(key)
    ? { ok: true, key }
    : { ok: false, problem: 'The key must be printable ASCII on one line.' };
}

function checkJsonKey(text: string): CheckedKey {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's words may quote the text.
    return { ok: false, problem: 'The service account is not valid JSON.' };
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json) || !('type' in json))
    return { ok: false, problem: 'The JSON is none of a service account: it has no "type".' };
  // Escapes keep it ASCII: JSON.stringify leaves other letters as they are.
  const line = JSON.stringify(json).replace(
    /[^\x20-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return { ok: true, key: line };
}

/** The parts of a kept key that are secret by themselves: the values of a service account's JSON, or the key whole. */
export function secretParts(key: string): string[] {
  if (!key.startsWith('{')) return [key];
  try {
    const json = JSON.parse(key) as Record<string, unknown>;
    const secret = ['private_key', 'private_key_id', 'refresh_token', 'client_secret'];
    return [key, ...secret.flatMap((name) => (typeof json[name] === 'string' ? [json[name]] : []))];
  } catch {
    return [key];
  }
}
