/** How clients go on: the answer back into the history as their SDKs put it there, then the results of its calls. */
import type { Dialect } from '../../../proxy/dialects/canonical';
import type { Json, JsonObject } from '../../../shared/json';
import { member } from '../../support/stream-reading';
import { objects } from './neutral';
import type { WireAsk } from './neutral';

export interface NextTurn {
  /** Results by call id, as text. */
  results?: { id: string; name: string; text: string }[];
  /** What the user says next. */
  say?: string;
  /** The client keeps no thoughts: calls and text only. */
  forgetful?: boolean;
}

/** The next request of that client after the answer in `body`. */
export function carryOn(client: Dialect, sent: WireAsk, body: JsonObject, next: NextTurn): WireAsk {
  const request = structuredClone(sent);
  switch (client) {
    case 'openai-chat':
      carryOnChat(request.body, body, next);
      break;
    case 'openai-responses':
      carryOnResponses(request.body, body, next);
      break;
    case 'anthropic':
      carryOnAnthropic(request.body, body, next);
      break;
    case 'gemini':
      carryOnGemini(request.body, body, next);
      break;
  }
  return request;
}

/** Chat completions have no field for thoughts: the SDK's types leave them behind. */
function carryOnChat(request: JsonObject, body: JsonObject, next: NextTurn): void {
  const message = member(objects(body.choices)[0] ?? {}, 'message');
  const calls = objects(message.tool_calls);
  const messages = request.messages as Json[];
  messages.push({
    role: 'assistant',
    content: message.content || null,
    ...(calls.length > 0 && { tool_calls: calls }),
  });
  for (const { id, text } of next.results ?? [])
    messages.push({ role: 'tool', tool_call_id: id, content: text });
  if (next.say !== undefined) messages.push({ role: 'user', content: next.say });
}

function carryOnResponses(request: JsonObject, body: JsonObject, next: NextTurn): void {
  const input = request.input as Json[];
  input.push(...objects(body.output).filter((item) => !next.forgetful || item.type !== 'reasoning'));
  for (const { id, text } of next.results ?? [])
    input.push({ type: 'function_call_output', call_id: id, output: text });
  if (next.say !== undefined) input.push({ role: 'user', content: next.say });
}

function carryOnAnthropic(request: JsonObject, body: JsonObject, next: NextTurn): void {
  const messages = request.messages as Json[];
  const content = objects(body.content).filter(
    (block) => !next.forgetful || !String(block.type).endsWith('thinking'),
  );
  messages.push({ role: 'assistant', content });
  messages.push({
    role: 'user',
    content: [
      ...(next.results ?? []).map(({ id, text }) => ({
        type: 'tool_result',
        tool_use_id: id,
        content: text,
      })),
      ...(next.say === undefined ? [] : [{ type: 'text', text: next.say }]),
    ],
  });
}

function carryOnGemini(request: JsonObject, body: JsonObject, next: NextTurn): void {
  const contents = request.contents as Json[];
  const parts = objects(member(objects(body.candidates)[0] ?? {}, 'content').parts)
    .filter((part) => part.text !== '' || part.thoughtSignature !== undefined)
    .filter((part) => !next.forgetful || part.thought !== true)
    .map((part) => {
      const { thoughtSignature: _signature, ...rest } = part;
      return next.forgetful ? rest : part;
    })
    .filter((part) => part.text !== '' || part.thoughtSignature !== undefined);
  contents.push({ role: 'model', parts });
  contents.push({
    role: 'user',
    parts: [
      ...(next.results ?? []).map(({ id, name, text }) => ({
        functionResponse: { id, name, response: { output: text } },
      })),
      ...(next.say === undefined ? [] : [{ text: next.say }]),
    ],
  });
}
