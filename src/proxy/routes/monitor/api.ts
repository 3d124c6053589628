import { parseMonitorCall } from '../../../shared/monitor-schema';
import { InvalidRequestError, ProxyError, UnsupportedMediaTypeError } from '../../errors';
import type { Core } from '../../exchange/core';
import type { Exchange } from '../../exchange/exchange';
import { parseJson, readBody } from '../../exchange/read-body';
import { PRIVATE_HEADERS } from './html-page';

/** No question of a view is longer. */
const BODY_LIMIT = 65_536;

/** Answers `POST /monitor/api`: one MonitorCall, its `{"answer"}` or, for a person, `{"message"}`. */
export async function serveMonitorApi(core: Core, exchange: Exchange): Promise<void> {
  try {
    const answer = await core.monitor.call(await readCall(exchange));
    exchange.json(200, { answer }, PRIVATE_HEADERS);
  } catch (error) {
    answerMessage(exchange, error);
  }
}

/** Answers with what was wrong with a view's question, as views read it. */
export function answerMessage(exchange: Exchange, error: unknown): void {
  const { message } = error as Error;
  exchange.noteError(message);
  exchange.json(error instanceof ProxyError ? error.status : 400, { message }, PRIVATE_HEADERS);
}

async function readCall({ incoming }: Exchange) {
  // What a page of another site can send without asking first is no JSON by name.
  if (!/^application\/json\b/i.test(incoming.headers['content-type'] ?? ''))
    throw new UnsupportedMediaTypeError('Send application/json.');
  const parsed = parseMonitorCall(parseJson(await readBody(incoming, BODY_LIMIT)));
  if (!parsed.ok) throw new InvalidRequestError(parsed.reason);
  return parsed.call;
}
