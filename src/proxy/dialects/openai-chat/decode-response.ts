import { isObject, type JsonObject } from '../../../shared/json';
import { UpstreamError } from '../../errors';
import type { AnswerContext } from '../adapter';
import type { AssistantPart, CanonicalResponse, Choice, Citation } from '../canonical';
import { unwrapCustomInput } from '../tools/custom-tools';
import { decodeAnnotation } from '../openai/citations';
import { decodeOpenaiError } from '../openai/errors';
import {
  readAnswerAudio,
  readAnswerImages,
  readAnswerText,
  readCalls,
  readSources,
} from './decode-answer-content';
import { decodeFinish } from './map-stop-reason';
import { readUsage } from './map-usage';
import { rememberReasoning } from './reasoning-memory';
import { DIALECT, filled, note, objectsIn } from './wire';

function decodeContent(message: JsonObject, sources: Citation[], context: AnswerContext): AssistantPart[] {
  const { reasoning, text, refusal, field, details } = readAnswerText(message);
  const parts: AssistantPart[] = [];
  if (reasoning !== '' || details.length > 0) {
    const own = { field, ...(details.length > 0 && { reasoning_details: details }) };
    parts.push({ type: 'reasoning', text: reasoning, ...note(own) });
  }
  if (text !== '') {
    const annotated = objectsIn(message.annotations).map((each) =>
      decodeAnnotation(each, DIALECT, { text, from: 0 }),
    );
    const named = new Set(annotated.map(({ url }) => url));
    const citations = [...annotated, ...sources.filter(({ url }) => !named.has(url))];
    parts.push({ type: 'text', text, ...(citations.length > 0 && { citations }) });
  }
  if (refusal !== '') parts.push({ type: 'refusal', text: refusal });
  parts.push(...readAnswerImages(message));
  const audio = readAnswerAudio(message);
  if (audio) parts.push({ type: 'opaque', dialect: DIALECT, label: 'audio', value: audio });
  const seen = new Set<string>();
  readCalls(message).forEach((call, index) => {
    if (call.name === undefined) {
      context.warn({
        type: 'dropped',
        field: `tool_calls[${index}]`,
        message: 'The upstream named no tool.',
      });
      return;
    }
    const name = context.restoreToolName?.(call.name) ?? call.name;
    const id = call.id !== undefined && !seen.has(call.id) ? call.id : context.newId('call_');
    seen.add(id);
    const wrapped = call.kind === 'function' && context.customToolNames?.has(name) === true;
    parts.push(
      wrapped
        ? { type: 'tool-call', id, name, kind: 'custom', input: unwrapCustomInput(call.input) }
        : {
            type: 'tool-call',
            id,
            name,
            kind: call.kind,
            input: call.kind === 'function' ? call.input || '{}' : call.input,
          },
    );
  });
  const first = parts.find((part) => part.type === 'tool-call');
  const input = readCalls(message).find(({ name }) => name !== undefined)?.input ?? '';
  const call = first && { id: first.id, input };
  rememberReasoning(context.signatures, { call, text }, { field, text: reasoning, details });
  return parts;
}

/**
 * A whole chat completion. Reference: https://platform.openai.com/docs/api-reference/chat/object
 * @throws UpstreamError when the answer is an error in spite of its status, or has no choice
 */
export function decodeResponse(body: JsonObject, context: AnswerContext): CanonicalResponse {
  if (isObject(body.error)) {
    const { status, kind, message, code } = decodeOpenaiError(0, body);
    throw new UpstreamError(message, { status, kind, ...(code !== undefined && { code }) });
  }
  const wireChoices = objectsIn(body.choices).filter((choice) => isObject(choice.message));
  if (wireChoices.length === 0) throw new UpstreamError('The upstream answered without any choice.');
  const sources = readSources(body);
  const choices = wireChoices.map((choice): Choice => {
    const content = decodeContent(isObject(choice.message) ? choice.message : {}, sources, context);
    const { logprobs } = choice;
    return {
      content,
      finish: decodeFinish(filled(choice.finish_reason), content),
      ...(logprobs !== undefined && logprobs !== null && { logprobs }),
    };
  });
  const usage = readUsage(body);
  const id = filled(body.id);
  const model = filled(body.model);
  return {
    ...(id !== undefined && { id }),
    ...(model !== undefined && { model }),
    ...(typeof body.created === 'number' && { created: body.created }),
    choices,
    ...(usage && { usage }),
  };
}
