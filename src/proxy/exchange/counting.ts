/** What a proxy remembers about counting tokens: what was counted just now, who cannot count, how estimates do. */
import { createHash } from 'node:crypto';
import type { Account } from '../../shared/settings';
import type { UpstreamDialect } from '../dialects/canonical';
import type { Core } from './core';

/** Counts asked of upstreams at a time; agents count in bursts of forty, and the rest is estimated (SPEC 4.11). */
const ASKED_AT_ONCE = 4;
/** … and in ten seconds: an upstream that answers fast would be asked for all of a burst, out of the same quota as chats. */
const ASKED_IN_WINDOW = 12;
const WINDOW_MS = 10_000;
/** The same text is not counted again so soon. */
const FRESH_MS = 30_000;
const KEPT = 256;
/** An upstream that is busy is not asked to count for so long. */
const REST_MS = 10_000;
/** Estimates of less are too coarse to compare. */
const COMPARABLE = 200;
const COMPARED_MODELS = 200;

/** A count by the upstream, in numbers and in its own words. */
export interface Counted {
  tokens: number;
  body: unknown;
}

interface Asked {
  at: number;
  answer: Promise<Counted | undefined>;
  waiting: number;
  stop: AbortController;
}

/**
 * What came of asking: a count, nothing, or that the upstream has no such endpoint (`never`), does not know what is
 * asked about (`not-this`), or is busy (`later`).
 */
export type Outcome = Counted | undefined | 'never' | 'not-this' | 'later';

export class Counting {
  private inFlight = 0;
  /** When the window began, and how many were asked in it. */
  private window = { from: 0, asked: 0 };
  private readonly asked = new Map<string, Asked>();
  private readonly unable = new WeakMap<Account, Set<UpstreamDialect>>();
  private readonly busyUntil = new WeakMap<Account, number>();
  private readonly ratios = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  /** Whether the account is known to have no endpoint for counting in this dialect, or is given a rest. */
  isSilent(account: Account, dialect: UpstreamDialect): boolean {
    return this.unable.get(account)?.has(dialect) === true || (this.busyUntil.get(account) ?? 0) > this.now();
  }

  /**
   * The upstream's count of a question, `body` being all that tells it from others. Equal questions share one answer;
   * undefined when there is none, or when enough are being asked already.
   */
  ask(
    account: Account,
    dialect: UpstreamDialect,
    body: Buffer,
    model: string,
    send: (signal: AbortSignal) => Promise<Outcome>,
  ): { answer: Promise<Counted | undefined>; leave: () => void } | undefined {
    const key = createHash('sha256')
      .update(`${account.id}\n${dialect}\n${model}\n`)
      .update(body)
      .digest('base64');
    let asked = this.asked.get(key);
    if (!asked || asked.at + FRESH_MS < this.now()) {
      if (this.inFlight >= ASKED_AT_ONCE || !this.mayAsk()) return undefined;
      asked = this.start(key, account, dialect, send);
    }
    const mine = asked;
    mine.waiting++;
    let left = false;
    return {
      answer: mine.answer,
      leave: () => {
        if (left) return;
        left = true;
        if (--mine.waiting === 0) mine.stop.abort();
      },
    };
  }

  private mayAsk(): boolean {
    const now = this.now();
    if (now - this.window.from >= WINDOW_MS) this.window = { from: now, asked: 0 };
    return this.window.asked++ < ASKED_IN_WINDOW;
  }

  private start(
    key: string,
    account: Account,
    dialect: UpstreamDialect,
    send: (signal: AbortSignal) => Promise<Outcome>,
  ): Asked {
    const stop = new AbortController();
    this.inFlight++;
    const answer = send(stop.signal)
      // Counting is a help, not a service that may fail: the estimate answers.
      .catch(() => undefined)
      .then((outcome) => {
        this.inFlight--;
        if (outcome === 'never') {
          const known = this.unable.get(account);
          if (known) known.add(dialect);
          else this.unable.set(account, new Set([dialect]));
        } else if (outcome === 'later') this.busyUntil.set(account, this.now() + REST_MS);
        const counted = typeof outcome === 'object' ? outcome : undefined;
        if (!counted && outcome !== 'not-this' && this.asked.get(key) === asked) this.asked.delete(key);
        return counted;
      });
    const asked: Asked = { at: this.now(), answer, waiting: 0, stop };
    this.asked.delete(key);
    this.asked.set(key, asked);
    if (this.asked.size > KEPT) {
      const [oldest] = this.asked.keys();
      if (oldest !== undefined) this.asked.delete(oldest);
    }
    return asked;
  }

  /** Learns how a model's real counts compare to the estimates, whatever its tokeniser is. */
  learn(account: Account, model: string, estimate: number, counted: number): void {
    if (estimate < COMPARABLE) return;
    if (this.ratios.size >= COMPARED_MODELS) this.ratios.clear();
    this.ratios.set(`${account.id}\n${model}`, Math.min(2, Math.max(0.7, counted / estimate)));
  }

  /** By what to multiply an estimate; undefined while nothing was learned. */
  ratio(account: Account, model: string): number | undefined {
    return this.ratios.get(`${account.id}\n${model}`);
  }
}

const byCore = new WeakMap<Core, Counting>();

/** One per proxy: two of them in one process know nothing of each other. */
export function countingOf(core: Core): Counting {
  let counting = byCore.get(core);
  if (!counting) byCore.set(core, (counting = new Counting(core.now)));
  return counting;
}
