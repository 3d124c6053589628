import type { Json } from '../../../shared/json';

/** Longer values are cut: a description is read by a model at every request. */
const MAX_LENGTH = 300;

function show(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? '';
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

const WORDS: Record<string, (value: Json | undefined) => string> = {
  enum: (value) => `One of: ${Array.isArray(value) ? value.map(show).join(', ') : show(value)}.`,
  default: (value) => `Default: ${show(value)}.`,
  examples: (value) => `Examples: ${Array.isArray(value) ? value.map(show).join(', ') : show(value)}.`,
  example: (value) => `Example: ${show(value)}.`,
  exclusiveMinimum: (value) => `Greater than ${show(value)}.`,
  exclusiveMaximum: (value) => `Less than ${show(value)}.`,
  minimum: (value) => `At least ${show(value)}.`,
  maximum: (value) => `At most ${show(value)}.`,
  multipleOf: (value) => `A multiple of ${show(value)}.`,
  minLength: (value) => `At least ${show(value)} characters.`,
  maxLength: (value) => `At most ${show(value)} characters.`,
  pattern: (value) => `Matches the regular expression ${typeof value === 'string' ? value : show(value)}.`,
  format: (value) => `Format: ${typeof value === 'string' ? value : show(value)}.`,
  uniqueItems: () => 'Without duplicates.',
  minItems: (value) => `At least ${show(value)} items.`,
  maxItems: (value) => `At most ${show(value)} items.`,
  minProperties: (value) => `At least ${show(value)} properties.`,
  maxProperties: (value) => `At most ${show(value)} properties.`,
  propertyNames: (value) => `Property names fit ${show(value)}.`,
  patternProperties: (value) => `Properties by name pattern: ${show(value)}.`,
  additionalProperties: (value) =>
    value === true ? 'More properties are allowed.' : `Values of other properties fit ${show(value)}.`,
  prefixItems: (value) => `Items in order: ${show(value)}.`,
  contains: (value) => `Has an item that fits ${show(value)}.`,
  not: (value) => `Must not fit ${show(value)}.`,
  anyOf: (value) => `At least one of these holds: ${show(value)}.`,
  deprecated: () => 'Deprecated.',
};

/** A keyword's meaning as a sentence for a description; for unknown ones, keyword and value. */
export function describeKeyword(keyword: string, value: Json | undefined): string {
  const words = Object.hasOwn(WORDS, keyword) ? WORDS[keyword] : undefined;
  return words ? words(value) : `${keyword}: ${show(value)}.`;
}

/** Description and sentences in one text. */
export function joinDescription(description: Json | undefined, notes: readonly string[]): string | undefined {
  const parts = typeof description === 'string' && description.trim() !== '' ? [description] : [];
  if (notes.length === 0) return parts[0];
  const [first] = parts;
  if (first !== undefined && !/[.!?:;)\]]\s*$/.test(first)) parts[0] = `${first}.`;
  return [...parts, ...new Set(notes)].join(' ');
}
