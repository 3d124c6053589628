import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { AnswerContext } from '../adapter';
import type { ToolCallPart } from '../canonical';
import { partMetadata } from './decode-part';
import { field } from './wire';

/**
 * A `functionCall` part of an answer as a tool call: the tool's own name, an id (made up where Gemini gave none), its
 * signature remembered by that id for clients that cannot carry it.
 */
export function decodeCall(
  part: JsonObject,
  call: JsonObject,
  args: JsonObject,
  context: AnswerContext,
): ToolCallPart {
  const wireName = field(call, 'name');
  const name = typeof wireName === 'string' ? (context.restoreToolName?.(wireName) ?? wireName) : '';
  const given = field(call, 'id');
  const id = typeof given === 'string' && given !== '' ? given : context.newId('call_');
  const { metadata } = partMetadata(part);
  const signature = metadata?.gemini?.['thoughtSignature'];
  if (typeof signature === 'string') context.signatures.remember('gemini', id, signature);
  const custom = context.customToolNames?.has(name) === true;
  return {
    type: 'tool-call',
    id,
    name,
    kind: custom ? 'custom' : 'function',
    input: custom ? readInput(args) : JSON.stringify(args),
    ...(metadata && { metadata }),
  };
}

/** The free text of a custom tool, which was declared as a function with one string. */
function readInput(args: JsonObject): string {
  const input = args['input'];
  return typeof input === 'string' ? input : JSON.stringify(args);
}

/** The `args` of a call; Gemini leaves them out when there are none. */
export function argumentsOf(call: JsonObject): JsonObject {
  const args = field(call, 'args');
  return isObject(args) ? args : {};
}

/**
 * Adds one `partialArgs` entry of Vertex AI's streamed arguments: `jsonPath` (RFC 9535, names and indexes) says
 * where; text for the same place is appended
 * (https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/function-calling).
 */
export function addPartialArgument(args: JsonObject, partial: Json): void {
  if (!isObject(partial) || typeof partial['jsonPath'] !== 'string') return;
  const steps = [
    ...partial['jsonPath'].matchAll(
      /\.([^.[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/g,
    ),
  ].map((match) => (match[2] === undefined ? (match[1] ?? match[3] ?? match[4] ?? '') : Number(match[2])));
  const value = partialValue(partial);
  let place: JsonObject | Json[] = args;
  for (const [index, step] of steps.entries()) {
    const before = read(place, step);
    if (index === steps.length - 1) {
      write(place, step, typeof before === 'string' && typeof value === 'string' ? before + value : value);
      return;
    }
    const next: JsonObject | Json[] =
      typeof before === 'object' && before !== null ? before : typeof steps[index + 1] === 'number' ? [] : {};
    write(place, step, next);
    place = next;
  }
}

function partialValue(partial: JsonObject): Json {
  for (const key of ['stringValue', 'numberValue', 'boolValue']) {
    const value = partial[key];
    if (value !== undefined) return value;
  }
  return null;
}

function read(place: JsonObject | Json[], step: string | number): Json | undefined {
  if (Array.isArray(place)) return place[Number(step)];
  return Object.hasOwn(place, String(step)) ? place[String(step)] : undefined;
}

function write(place: JsonObject | Json[], step: string | number, value: Json): void {
  if (Array.isArray(place)) {
    // A far index would fill memory with holes.
    if (Number(step) <= place.length) place[Number(step)] = value;
  } else
    Object.defineProperty(place, String(step), {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}
