import { once } from 'node:events';
import type { ExportFormat, MonitorCall, MonitorCalls } from '../../../shared/monitor';
import { parseMonitorCall } from '../../../shared/monitor-schema';
import { InvalidRequestError } from '../../errors';
import type { Core } from '../../exchange/core';
import type { Exchange } from '../../exchange/exchange';
import { answerMessage } from './api';
import { PRIVATE_HEADERS } from './html-page';

type PieceCall = Extract<MonitorCall, { type: 'exportPiece' }>;
type Piece = MonitorCalls['exportPiece']['answer'];

const TYPES: Record<ExportFormat, string> = {
  // https://jsonlines.org/
  jsonl: 'application/jsonl; charset=utf-8',
  // http://www.softwareishard.com/blog/har-12-spec/
  har: 'application/json; charset=utf-8',
};

/**
 * Answers `GET /monitor/export?format=jsonl|har&query=<JSON of a MonitorQuery>` with a file. The next piece is asked for when
 * the client has read the last one. An export that cannot go on is cut: a file must not look whole that is not.
 */
export async function serveMonitorExport(core: Core, exchange: Exchange): Promise<void> {
  const { outgoing, incoming } = exchange;
  let call: PieceCall;
  let piece: Piece;
  try {
    call = readQuery(exchange);
    piece = await askPiece(core, call);
  } catch (error) {
    answerMessage(exchange, error);
    return;
  }
  if (exchange.gone || outgoing.destroyed) return;
  const moment = new Date(core.now()).toISOString().slice(0, 19).replaceAll(':', '-');
  exchange.head(200, [
    'content-type',
    TYPES[call.format],
    'content-disposition',
    `attachment; filename="portside-${moment}.${call.format}"`,
    ...PRIVATE_HEADERS,
  ]);
  if (incoming.method === 'HEAD') {
    outgoing.end();
    return;
  }
  exchange.work = {
    clientGone() {},
    serverStops() {
      exchange.cut();
    },
  };
  try {
    for (;;) {
      const flows = piece.text === '' || outgoing.write(piece.text);
      const { next } = piece;
      if (next === undefined) break;
      if (!flows) await drained(exchange);
      if (exchange.done || outgoing.destroyed) return;
      piece = await askPiece(core, { ...call, at: next });
      if (exchange.done || outgoing.destroyed) return;
    }
    outgoing.end();
  } catch (error) {
    exchange.noteError((error as Error).message);
    core.log.warn(`an export of the monitor ended early: ${(error as Error).message}`);
    exchange.cut();
  }
}

const askPiece = async (core: Core, call: PieceCall): Promise<Piece> =>
  (await core.monitor.call(call)) as Piece;

/** When the client has read what was written, or has gone. */
async function drained({ outgoing }: Exchange): Promise<void> {
  const waiting = new AbortController();
  const options = { signal: waiting.signal };
  try {
    await Promise.race([once(outgoing, 'drain', options), once(outgoing, 'close', options)]);
  } finally {
    waiting.abort();
  }
}

function readQuery({ query }: Exchange): PieceCall {
  const asked = new URLSearchParams(query);
  let wanted: unknown;
  try {
    wanted = JSON.parse(asked.get('query') ?? '');
  } catch {
    throw new InvalidRequestError('The parameter "query" must be the JSON of a query.', 'query');
  }
  const parsed = parseMonitorCall({
    type: 'exportPiece',
    format: asked.get('format'),
    query: wanted,
    at: 0,
  });
  if (!parsed.ok) throw new InvalidRequestError(parsed.reason);
  return parsed.call as PieceCall;
}
