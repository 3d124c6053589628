import { isObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { OpaquePart } from '../canonical';
import type { WirePart } from './wire';

/** A piece that Gemini itself made goes back as it came; of others it is warned that they are left out. */
export function encodeOpaque(part: OpaquePart, warn: Warn, path: string): WirePart[] {
  if (part.dialect === 'gemini' && isObject(part.value)) return [part.value];
  warn({ type: 'dropped', field: path, message: `Gemini has no counterpart of "${part.label}".` });
  return [];
}
