import type { MonitorEvent } from '../../../shared/monitor';
import type { Core } from '../../exchange/core';
import type { Exchange } from '../../exchange/exchange';
import type { Ticking } from '../../stream/ticker';
import { PRIVATE_HEADERS } from './html-page';

/** Silence after which a comment says that the stream lives, in milliseconds. */
const HEARTBEAT_MS = 15_000;
/** A reader that takes nothing for so long is dropped; a browser comes back by itself. */
const STUCK_MS = 60_000;
/** How soon it comes back, in milliseconds. */
const AGAIN_MS = 1000;

/**
 * Answers `GET /monitor/events`: what the monitor tells, as server-sent events
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html) without names, each a MonitorEvent.
 * @param admitted whether whoever asked still is: a key that changed ends the stream
 */
export function serveMonitorEvents(core: Core, exchange: Exchange, admitted: () => boolean): void {
  exchange.head(200, [
    'content-type',
    'text/event-stream; charset=utf-8',
    'x-accel-buffering',
    'no',
    ...PRIVATE_HEADERS,
  ]);
  if (exchange.incoming.method === 'HEAD') exchange.outgoing.end();
  else new EventStream(core, exchange, admitted).begin();
}

/** One reader. What it is too slow for is not kept: of each kind of event the newest is enough. */
class EventStream implements Ticking {
  place = -1;
  #silentMs = 0;
  #blocked = false;
  #over = false;
  #stopListening: (() => void) | undefined;
  /** While {@link #blocked}: what it missed, at most one of each kind. */
  readonly #missed = new Map<MonitorEvent['type'], MonitorEvent>();

  constructor(
    private readonly core: Core,
    private readonly exchange: Exchange,
    private readonly admitted: () => boolean,
  ) {}

  begin(): void {
    const { core, exchange } = this;
    const { outgoing } = exchange;
    const end = () => {
      this.#end();
    };
    exchange.work = { clientGone: end, serverStops: end, serverDrains: end };
    outgoing.on('close', end);
    outgoing.on('drain', () => {
      this.#flow();
    });
    this.#write(`retry: ${AGAIN_MS}\n\n`);
    this.#stopListening = core.monitor.listen((event) => {
      this.#tell(event);
    });
    core.ticker.add(this);
  }

  tick(elapsedMs: number): void {
    this.#silentMs += elapsedMs;
    if (!this.admitted()) this.#end();
    else if (this.#blocked) {
      if (this.#silentMs >= STUCK_MS) this.exchange.cut();
    } else if (this.#silentMs >= HEARTBEAT_MS) this.#write(':\n\n');
  }

  #tell(event: MonitorEvent): void {
    if (this.#over) return;
    if (!this.#blocked) {
      this.#write(`data: ${JSON.stringify(event)}\n\n`);
      return;
    }
    const before = this.#missed.get(event.type);
    this.#missed.set(
      event.type,
      event.type === 'changed' && before?.type === 'changed'
        ? { ...event, added: before.added + event.added }
        : event,
    );
  }

  #flow(): void {
    this.#blocked = false;
    const missed = [...this.#missed.values()];
    this.#missed.clear();
    for (const event of missed) this.#tell(event);
  }

  #write(text: string): void {
    this.#silentMs = 0;
    this.#blocked = !this.exchange.outgoing.write(text);
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.core.ticker.remove(this);
    this.#stopListening?.();
    if (!this.exchange.outgoing.destroyed) this.exchange.outgoing.end();
  }
}
