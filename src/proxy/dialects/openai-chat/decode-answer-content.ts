/** Readers of what stands in an answer's message and, in the same fields, in a chunk's delta. */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { Citation, FilePart } from '../canonical';
import { filled, objectsIn, REASONING_FIELDS, type ReasoningField } from './wire';

/** Text of a content part or of a list of them. */
function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).join('');
  return isObject(value) ? textOf(value.text) : '';
}

export interface AnswerText {
  reasoning: string;
  text: string;
  refusal: string;
  /** Where the reasoning stood, so that it can go back there. */
  field: ReasoningField;
  /** OpenRouter's form, to be sent back unchanged. */
  details: JsonObject[];
}

/**
 * Reasoning, text and refusal of a message or delta. Reasoning stands in `reasoning_content` (DeepSeek, xAI, z.ai),
 * `reasoning` (Groq, vLLM, OpenRouter, Ollama), `reasoning_details` (OpenRouter), or in content parts of type
 * `thinking` (Mistral); where several repeat it, the first counts.
 */
export function readAnswerText(message: JsonObject): AnswerText {
  let text = '';
  let inContent = '';
  if (typeof message.content === 'string') text = message.content;
  for (const part of objectsIn(message.content)) {
    if (part.type === 'thinking') inContent += textOf(part.thinking);
    else text += textOf(part);
  }
  const details = objectsIn(message.reasoning_details);
  const field = REASONING_FIELDS.find((name) => filled(message[name])) ?? 'reasoning_content';
  const inDetails = details.map((detail) => filled(detail.text) ?? filled(detail.summary) ?? '').join('');
  return {
    reasoning: filled(message[field]) ?? (inDetails || inContent),
    text,
    refusal: filled(message.refusal) ?? '',
    field,
    details,
  };
}

/** Where a search model looked: `search_results` or `citations` (Perplexity, xAI) beside the choices, for all of the text. */
export function readSources(body: JsonObject): Citation[] {
  const results = objectsIn(body.search_results);
  const listed = Array.isArray(body.citations) ? body.citations : [];
  const found = results.length > 0 ? results : listed.map((url): JsonObject => ({ url }));
  return found.flatMap(({ url, title }) => {
    const [address, name] = [filled(url), filled(title)];
    return address === undefined ? [] : [{ url: address, ...(name !== undefined && { title: name }) }];
  });
}

/** A spoken answer, or a piece of one; undefined for an object that says nothing. */
export function readAnswerAudio({ audio }: JsonObject): JsonObject | undefined {
  if (!isObject(audio)) return undefined;
  return (filled(audio.id) ?? filled(audio.data) ?? filled(audio.transcript)) ? audio : undefined;
}

/** Images that OpenRouter's image models put beside the text. */
export function readAnswerImages(message: JsonObject): FilePart[] {
  return objectsIn(message.images).flatMap((image): FilePart[] => {
    const url = isObject(image.image_url) ? filled(image.image_url.url) : undefined;
    if (!url) return [];
    const head = /^data:([^;,]+);base64,/i.exec(url);
    return head?.[1]
      ? [{ type: 'file', mediaType: head[1], source: { type: 'base64', data: url.slice(head[0].length) } }]
      : [{ type: 'file', mediaType: 'image/*', source: { type: 'url', url } }];
  });
}

/** A call or a piece of one, whatever its form. */
export interface CallFragment {
  index: number | undefined;
  id: string | undefined;
  name: string | undefined;
  kind: 'function' | 'custom';
  input: string;
}

function readCall(call: JsonObject): CallFragment {
  const named = isObject(call.function) ? call.function : {};
  // Some servers write out every member of the schema, and leave the other form's empty.
  const isFunction = call.type === 'function' || Boolean(filled(named.name) ?? filled(named.arguments));
  const custom = isObject(call.custom) && !isFunction ? call.custom : undefined;
  const inner = custom ?? named;
  const input = custom ? inner.input : inner.arguments;
  return {
    index: typeof call.index === 'number' ? call.index : undefined,
    id: filled(call.id),
    name: filled(inner.name),
    kind: custom || call.type === 'custom' ? 'custom' : 'function',
    // Some servers give arguments as an object.
    input: typeof input === 'string' ? input : isObject(input) ? JSON.stringify(input) : '',
  };
}

/** `tool_calls`, or the older single `function_call` (which has neither index nor id). */
export function readCalls(message: JsonObject): CallFragment[] {
  const calls = objectsIn(message.tool_calls).map(readCall);
  if (calls.length > 0 || !isObject(message.function_call)) return calls;
  return [{ ...readCall({ function: message.function_call }), index: 0 }];
}
