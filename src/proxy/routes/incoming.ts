/** A request as its bytes say it, as far as it must be known to route it. */
import { isObject, type JsonObject } from '../../shared/json';
import { InvalidRequestError } from '../errors';
import type { Exchange } from '../exchange/exchange';
import { parseJson } from '../exchange/read-body';
import { patchSpan, scanMembers, type ValueSpan } from '../stream/scan-json';

const WANTED = new Set(['model', 'stream']);
/** Names are remembered, matched and told: a bound keeps all of that cheap. */
const LONGEST_MODEL = 1000;

/** A request as far as it must be known to route it. */
export interface Incoming {
  body: Buffer;
  model: string;
  /** Whether the body names the model: Gemini has it in the path, forms have it nowhere. */
  modelInBody: boolean;
  stream: boolean;
  /** Responses: the response whose conversation was put into the body. */
  previousId?: string;
}

/** Up to this size parsing is cheaper than walking the bytes. */
const SMALL_BODY = 2048;

/** The members that routing needs; undefined when the bytes are not one object. */
function topLevelOf(body: Buffer): { model?: unknown; stream?: unknown } | undefined {
  if (body.length <= SMALL_BODY) {
    try {
      const parsed = JSON.parse(body.toString('utf8')) as unknown;
      if (isObject(parsed)) return parsed;
    } catch {
      // The walk below forgives a byte order mark, and the caller finds the place of an error.
    }
  }
  const spans = scanMembers(body, WANTED);
  if (!spans) return undefined;
  const model = spans.get('model');
  const stream = spans.get('stream');
  return { ...(model && { model: valueAt(body, model) }), ...(stream && { stream: valueAt(body, stream) }) };
}

/** Finds model and `stream` in the body's bytes. Bad JSON is told with its position. */
export function readTopLevel(exchange: Exchange, body: Buffer): Incoming {
  const members = topLevelOf(body);
  if (!members) {
    parseObject(body);
    throw new InvalidRequestError('The request body is not valid JSON.');
  }
  const fromPath = exchange.path.model;
  if (fromPath !== undefined) {
    const stream = exchange.path.route === '/v1beta/streamGenerateContent';
    return { body, model: fromPath, modelInBody: false, stream };
  }
  const { model, stream } = members;
  if (model === undefined) throw new InvalidRequestError('The field "model" is required.', 'model');
  if (typeof model !== 'string' || model === '')
    throw new InvalidRequestError('The field "model" must be a non-empty string.', 'model');
  if (model.length > LONGEST_MODEL)
    throw new InvalidRequestError(`The field "model" has more than ${LONGEST_MODEL} characters.`, 'model');
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean')
    throw new InvalidRequestError('The field "stream" must be true or false.', 'stream');
  return { body, model, modelInBody: true, stream: stream === true };
}

function valueAt(body: Buffer, span: ValueSpan): unknown {
  const text = body.toString('utf8', span.start, span.end);
  if (text === 'true') return true;
  if (text === 'false') return false;
  // A plain string, as nearly every model's name is, needs no parser.
  if (/^"[\w./:@-]+"$/.test(text)) return text.slice(1, -1);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    parseJson(body);
    return undefined;
  }
}

/** The body for an account that knows the model by another name: one value replaced, every other byte kept. */
export function bodyFor(incoming: Incoming, model: string): Buffer {
  if (!incoming.modelInBody || incoming.model === model) return incoming.body;
  const span = scanMembers(incoming.body, WANTED)?.get('model');
  return span ? patchSpan(incoming.body, span, JSON.stringify(model)) : incoming.body;
}

/** A body as the object that every request is. */
export function parseObject(body: Buffer): JsonObject {
  const parsed = parseJson(body);
  if (!isObject(parsed)) throw new InvalidRequestError('The request body must be a JSON object.');
  return parsed;
}
