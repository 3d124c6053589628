import type { ExchangeRecord } from '../../shared/exchange';
import { exposition, type Family } from './exposition';
import { Counter, Histogram } from './labelled';

/** Models are named by clients: so many combinations of labels, then "other". */
const MOST_COMBINATIONS = 500;
/** Each is as many lines as there are buckets. */
const MOST_HISTOGRAMS = 60;

/** In seconds: an answer may take minutes … */
const DURATIONS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60, 120, 300, 600];
/** … and begins in tenths of a second, or after long thoughts. */
const FIRST_BYTES = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120];

/**
 * Counts for `/metrics` (SPEC 6.7) of everything that was recorded since the proxy was made. Costs are not among them: they
 * are known where records are stored, and follow from tokens.
 */
export class Metrics {
  readonly #requests = new Counter(MOST_COMBINATIONS);
  readonly #tokens = new Counter(MOST_COMBINATIONS);
  readonly #failovers = new Counter(MOST_COMBINATIONS);
  readonly #durations = new Histogram(DURATIONS, MOST_HISTOGRAMS);
  readonly #firstBytes = new Histogram(FIRST_BYTES, MOST_HISTOGRAMS);

  /** Counts an exchange that is over. */
  add(record: ExchangeRecord): void {
    const { attempts, usage, outcome, status } = record;
    const last = attempts.at(-1);
    const account = record.account ?? last?.account ?? '';
    // What no account was asked for is a client's word alone.
    const model = last === undefined ? '' : (record.modelServed ?? last.model);
    const protocol = record.clientDialect ?? '';
    this.#requests.add({ protocol, account, model, outcome, status: String(status) });
    this.#durations.add({ account }, record.durationMs);
    if (record.firstByteMs !== undefined) this.#firstBytes.add({ account }, record.firstByteMs);
    for (const each of attempts.slice(0, -1))
      this.#failovers.add({ account: each.account, model: each.model });
    if (usage) this.#addTokens({ account, model }, usage);
  }

  /** Kinds do not overlap: their sum is all that was read and written. */
  #addTokens(labels: { account: string; model: string }, usage: NonNullable<ExchangeRecord['usage']>): void {
    const {
      cachedInputTokens: cached = 0,
      cacheWriteTokens: written = 0,
      reasoningTokens: reasoning = 0,
    } = usage;
    const kinds = {
      input: Math.max(0, usage.inputTokens - cached - written),
      cached_input: cached,
      cache_write: written,
      output: Math.max(0, usage.outputTokens - reasoning),
      reasoning,
    };
    for (const [kind, tokens] of Object.entries(kinds))
      if (tokens > 0) this.#tokens.add({ ...labels, kind }, tokens);
  }

  /** What was counted. */
  families(): Family[] {
    return [
      {
        name: 'portside_requests_total',
        help: 'Requests that are over, refused ones too, by how they ended. Without an account where none was asked.',
        type: 'counter',
        samples: this.#requests.samples(),
      },
      {
        name: 'portside_tokens_total',
        help: 'Tokens as providers reported them. Kinds do not overlap: all of the prompt is input, cached_input and cache_write together; all that was generated is output and reasoning.',
        type: 'counter',
        samples: this.#tokens.samples(),
      },
      {
        name: 'portside_failovers_total',
        help: 'Attempts that failed at this account and after which another was made.',
        type: 'counter',
        samples: this.#failovers.samples(),
      },
      {
        name: 'portside_request_duration_seconds',
        help: 'Time from the beginning of a request until its answer was over.',
        type: 'histogram',
        samples: this.#durations.samples(),
      },
      {
        name: 'portside_first_byte_seconds',
        help: 'Time from the beginning of a request until the first byte of its answer.',
        type: 'histogram',
        samples: this.#firstBytes.samples(),
      },
    ];
  }

  /** What was counted and what is, as text. */
  text(gauges: Family[]): string {
    return exposition([...gauges, ...this.families()]);
  }
}
