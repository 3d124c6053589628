/** Answers to what views ask. */
import type { ExchangeRecord } from '../../../shared/exchange';
import type { ExchangeDetail, MonitorInfo } from '../../../shared/monitor';
import { curlOf } from '../export/curl';
import { replayRequest } from '../export/replay-request';
import type { PriceBook } from '../prices/price-book';
import type { MessageRedactor } from '../redact/message-redactor';
import type { RecordStore } from '../store/record-store';
import { seriesOf } from '../store/series';
import { totalsOf } from '../store/totals';
import type { KeeperAnswer, KeeperCall } from './keeper-messages';

export interface AnswerContext {
  store: RecordStore;
  prices: PriceBook;
  /** What was put together anew may hold a secret that was in pieces before: everything in words goes through it. */
  redactor: MessageRedactor;
  info(): MonitorInfo;
  /** Where the proxy is to be had. */
  origin: string;
  /** Unix ms. */
  now: number;
}

function recordOf(store: RecordStore, seq: number): ExchangeRecord {
  const record = store.record(seq);
  if (!record) throw new Error('This request is no longer kept.');
  return record;
}

function detailOf({ store, prices }: AnswerContext, seq: number): ExchangeDetail {
  const record = recordOf(store, seq);
  const cost = record.costNano === undefined ? undefined : prices.cost(record);
  return {
    seq,
    record,
    messages: store.messages(seq),
    // With prices that have changed since, the lines would not add up to what was booked.
    ...(cost && cost.costNano === record.costNano && { cost: { lines: cost.lines, source: cost.source } }),
  };
}

/**
 * What reads messages is loaded when it is first asked for: with the dialects' decoders it is most of this thread's code.
 * @returns the call's answer, or the promise of it
 * @throws Error with words for a person when it is refused, SQLite's errors when the storage fails
 */
export function answerCall(call: KeeperCall, context: AnswerContext): KeeperAnswer | Promise<KeeperAnswer> {
  const { store, redactor } = context;
  const mask = (text: string) => redactor.text(text);
  switch (call.type) {
    case 'info':
      return context.info();
    case 'query':
      return store.count(call.query);
    case 'rows':
      return { ...store.count(call.query), rows: store.rows(call.query, call.from, call.count) };
    case 'indexOf':
      return { index: store.indexOf(call.query, call.seq) };
    case 'detail':
      return detailOf(context, call.seq);
    case 'body': {
      const record = recordOf(store, call.seq);
      const message = store.message(call.seq, call.part, call.attempt);
      if (!message) throw new Error('Nothing of this message was kept.');
      return import('../export/body-text').then(({ bodyText }) =>
        bodyText(record, message, call.raw ?? false, mask),
      );
    }
    case 'totals':
      return totalsOf(store.usage(call.from, call.to, true), call.by);
    case 'series':
      return seriesOf(store.usage(call.from, call.to), { ...call, now: context.now });
    case 'facets':
      return store.facets();
    case 'clear':
      store.clear(call.totals);
      return null;
    case 'curl':
      return {
        text: mask(
          curlOf(recordOf(store, call.seq), store.message(call.seq, 'request', undefined), context.origin),
        ),
      };
    case 'exportPiece':
      return import('../export/export-piece').then(({ exportPiece }) => exportPiece(store, call, mask));
    case 'replayRequest':
      return replayRequest(recordOf(store, call.seq), store.message(call.seq, 'request', undefined));
  }
}
