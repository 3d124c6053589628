/** The core behind a MessagePort: the other end of src/host/thread/proxy-thread.ts. */
import { isNoteworthy } from '../shared/describe-decision';
import type { ExchangeRecord } from '../shared/exchange';
import type { PoolEvent } from '../shared/status';
import type {
  LmToThread,
  LogLine,
  ThreadCalls,
  ThreadMessage,
  ThreadRequest,
} from '../shared/thread-messages';
import { toThreadError } from '../shared/thread-messages';
import type { Proxy } from './create-proxy';
import type { ProxyHost } from './host';
import { languageModelsOver } from './thread-language-models';

/** Logs and summaries wait this long for company: one message to the host instead of one per line. */
const BATCH_MS = 50;
/** … but no more than this many of them. */
const BATCH_SIZE = 200;

/** The part of a MessagePort that is used. */
export interface ThreadPort {
  postMessage(message: ThreadMessage): void;
  on(event: 'message', listener: (message: ThreadRequest | LmToThread) => void): unknown;
}

/**
 * Makes a proxy and answers the calls that come over a port. Says `ready` when it listens to the port.
 * Answers come in the order in which the calls end; logs of a call come before its answer.
 * @param create makes the proxy
 * @param hasLanguageModels whether the other end answers questions for the editor's models
 * @throws what the factory throws
 */
export function serveProxy(
  port: ThreadPort,
  create: (host: ProxyHost) => Proxy,
  hasLanguageModels = false,
): void {
  const lines = batch<LogLine>((all) => port.postMessage({ type: 'log', lines: all }));
  const records = batch<ExchangeRecord>((all) => port.postMessage({ type: 'exchanges', records: all }));
  const poolEvents = batch<PoolEvent>((all) => port.postMessage({ type: 'poolEvents', events: all }));
  const log = (level: LogLine['level']) => (message: string) => lines.add({ level, message });

  const languageModels = hasLanguageModels
    ? languageModelsOver((message) => port.postMessage(message))
    : undefined;
  const proxy = create({
    log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    onExchange: (record) => {
      if (isNoteworthy(record)) records.add(record);
    },
    onReload: () => port.postMessage({ type: 'reload' }),
    onPoolEvent: (event) => poolEvents.add(event),
    ...(languageModels && { languageModels }),
  });
  proxy.onChange((status) => port.postMessage({ type: 'status', status }));

  let unwatch: (() => void) | undefined;
  const watch = (wanted: boolean) => {
    unwatch?.();
    unwatch = wanted
      ? proxy.monitor.listen((event) => port.postMessage({ type: 'monitor', event }))
      : undefined;
  };

  const answer = async (request: ThreadRequest): Promise<ThreadCalls[ThreadRequest['type']]['answer']> => {
    switch (request.type) {
      case 'configure':
        proxy.configure(request.settings, request.ownership);
        return proxy.status();
      case 'start':
        return proxy.start();
      case 'stop':
        await proxy.stop(request.leaving);
        return proxy.status();
      case 'status':
        return proxy.status();
      case 'testAccount':
        return proxy.testAccount(request.account);
      case 'clearCooling':
        proxy.clearCooling(request.account, request.model);
        return proxy.status();
      case 'explainRoute':
        return proxy.explainRoute(request.model, request.protocol);
      case 'monitor':
        return proxy.monitor.call(request.call);
      case 'watchMonitor':
        watch(request.watch);
        return null;
    }
  };

  port.on('message', (request) => {
    if (request.type === 'lm') {
      languageModels?.hear(request);
      return;
    }
    const { id } = request;
    void answer(request).then(
      (result) => {
        lines.flush();
        records.flush();
        poolEvents.flush();
        port.postMessage({ type: 'answer', id, ok: true, answer: result });
      },
      (error: unknown) => {
        lines.flush();
        port.postMessage({ type: 'answer', id, ok: false, error: toThreadError(error) });
      },
    );
  });
  port.postMessage({ type: 'ready' });
}

/** Collects items and hands them over together. */
function batch<T>(send: (items: T[]) => void): { add(item: T): void; flush(): void } {
  let items: T[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (items.length === 0) return;
    const all = items;
    items = [];
    send(all);
  };
  return {
    add(item) {
      items.push(item);
      if (items.length >= BATCH_SIZE) flush();
      else timer ??= setTimeout(flush, BATCH_MS).unref();
    },
    flush,
  };
}
