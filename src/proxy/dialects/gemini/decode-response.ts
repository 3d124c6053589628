import type { JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { UpstreamError } from '../../errors';
import type { AnswerContext } from '../adapter';
import type { AssistantPart, CanonicalResponse, Choice } from '../canonical';
import { argumentsOf, decodeCall } from './decode-call';
import {
  blockReason,
  blockedFinish,
  candidateDetails,
  candidatesOf,
  decodeFinish,
  decodeLogprobs,
  partsOfCandidate,
} from './decode-candidate';
import { decodeError } from './decode-error';
import { decodeFile, decodeOpaque, partMetadata } from './decode-part';
import { citeTexts, decodeGrounding, decodeSearch } from './grounding';
import { decodeUsage } from './map-usage';
import { rememberText } from './text-memory';
import { field } from './wire';

/**
 * A whole answer of `generateContent` (https://ai.google.dev/api/generate-content#generatecontentresponse). Throws
 * `UpstreamError` for an error inside a 200 and for an answer without content (SPEC 4.10).
 */
export function decodeResponse(body: JsonObject, context: AnswerContext): CanonicalResponse {
  if (isObject(body['error'])) {
    const { message, ...info } = decodeError(502, body);
    throw new UpstreamError(message, info);
  }
  const blocked = blockReason(body);
  const candidates = candidatesOf(body);
  const choices =
    candidates.length === 0 && blocked !== undefined
      ? [{ content: [], finish: blockedFinish(blocked) }]
      : candidates.map(({ candidate }) => decodeChoice(candidate, context));
  if (choices.length === 0 || choices.every(isEmpty))
    throw new UpstreamError('The upstream answered without content.', { code: 'empty_response' });
  const id = field(body, 'responseId');
  const model = field(body, 'modelVersion');
  const usage = decodeUsage(field(body, 'usageMetadata'));
  const created = createdOf(body);
  return {
    ...(typeof id === 'string' && { id }),
    ...(typeof model === 'string' && { model }),
    ...(created !== undefined && { created }),
    choices,
    ...(usage && { usage }),
  };
}

/** `createTime` in Unix seconds. */
export function createdOf(payload: JsonObject): number | undefined {
  const time = field(payload, 'createTime');
  const milliseconds = typeof time === 'string' ? Date.parse(time) : NaN;
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}

/** A good end with nothing to show for it: thoughts alone answer nobody. */
export function isEmpty(choice: Choice): boolean {
  return (
    choice.finish.reason === 'stop' &&
    choice.content.every((part) => part.type === 'reasoning' || (part.type === 'text' && part.text === ''))
  );
}

function decodeChoice(candidate: JsonObject, context: AnswerContext): Choice {
  const given = partsOfCandidate(candidate);
  const content = joinTexts(given.flatMap((part, index) => decodePart(part, index, context)));
  const details = candidateDetails(candidate);
  ground(content, given, details);
  rememberText(context.signatures, content);
  const reason = field(candidate, 'finishReason');
  const hasCalls = content.some((part) => part.type === 'tool-call');
  const logprobs = decodeLogprobs(candidate);
  return {
    content,
    finish: decodeFinish(typeof reason === 'string' ? reason : 'OTHER', hasCalls, details),
    ...(logprobs !== undefined && { logprobs }),
  };
}

/** Sources go to the texts, and the searches before them. */
function ground(content: AssistantPart[], given: JsonObject[], details: JsonObject | undefined): void {
  const lengths = given.map((part) => {
    const text = field(part, 'text');
    return typeof text === 'string' && part['thought'] !== true ? text.length : 0;
  });
  const said = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  if (said === '') return;
  const placeOfPart = (index: number) => lengths.slice(0, index).reduce((sum, one) => sum + one, 0);
  citeTexts(content, decodeGrounding(details, { said, placeOfPart }));
  const search = decodeSearch(details);
  if (search) content.unshift(search);
}

function decodePart(part: JsonObject, index: number, context: AnswerContext): AssistantPart[] {
  const call = field(part, 'functionCall');
  if (isObject(call)) return [decodeCall(part, call, argumentsOf(call), context)];
  const text = field(part, 'text');
  if (typeof text === 'string') {
    if (part['thought'] === true)
      return [{ type: 'reasoning', text, ...partMetadata(part, { thought: true }) }];
    return [{ type: 'text', text, ...partMetadata(part) }];
  }
  const other = decodeAnswerPart(part, index, context);
  return other ? [other] : [];
}

/** A file or an opaque piece of an answer. What is broken is reported, not fatal: the rest of the answer is there. */
export function decodeAnswerPart(part: JsonObject, index: number, context: AnswerContext) {
  try {
    return decodeFile(part, `parts[${index}]`) ?? decodeOpaque(part);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    context.warn({
      type: 'dropped',
      field: `parts[${index}]`,
      message: `A part of the answer is malformed: ${reason}`,
    });
    return undefined;
  }
}

/** Unsigned neighbours are one text; a signed part stays alone, as Gemini asks. */
function joinTexts(parts: AssistantPart[]): AssistantPart[] {
  const joined: AssistantPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (
      part.type === 'text' &&
      last?.type === 'text' &&
      !last.metadata &&
      (!part.metadata || part.text === '')
    )
      joined[joined.length - 1] = { ...part, text: last.text + part.text };
    else if (part.type !== 'text' || part.text !== '' || part.metadata) joined.push(part);
  }
  return joined;
}
