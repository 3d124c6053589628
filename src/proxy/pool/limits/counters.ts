/** What the counters in a provider's headers say: how much of which limit is left, and when it begins anew. */
import { secondsOf, secondsOfNumber, secondsUntil, parseDate } from './durations';

/** Header lines by lower-case name; of a repeated name the last. */
export type HeaderMap = ReadonlyMap<string, string>;

export interface Counter {
  /** In a few words: `requests`, `input tokens`, `tokens per minute`. */
  what: string;
  /** How many are left; undefined when the provider does not say. */
  remaining?: number;
  /** The whole allowance. */
  limit?: number;
  /** Seconds until it begins anew. */
  seconds?: number;
  /** Counts all models of the key together. */
  wholeKey?: true;
  /** A better tier, in whose place another one serves when nothing of it remains. */
  soft?: true;
}

/** A family of headers. */
export interface CounterForm {
  name: string;
  /** Where the form is described, or was seen. */
  source: string;
  /** Adds what the header says to the counters. `rest` is what follows the prefix. */
  prefix: string;
  read: (rest: string, value: string, counters: Map<string, Counter>, now: number) => void;
}

/** Makes a map of a flat list (name, value, name, value). */
export function headerMap(flat: readonly string[]): Map<string, string> {
  const map = new Map<string, string>();
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const name = flat[index]?.toLowerCase() ?? '';
    const value = flat[index + 1];
    if (value === undefined) continue;
    // A repeated field of a list is one list (RFC 9110 §5.3).
    const earlier = name === 'ratelimit' || name === 'ratelimit-policy' ? map.get(name) : undefined;
    map.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return map;
}

/**
 * Unix ms of the moment at which the answer was made: dates in it are from the provider's clock, and ours may be wrong
 * (RFC 9110 §6.6.1).
 */
export function momentOf(headers: HeaderMap, now: number): number {
  const date = headers.get('date');
  return (date === undefined ? undefined : parseDate(date)) ?? now;
}

/** The words for what a header counts: `requests`, `input-tokens`, `req-minute`, `tokens_usage_based`. */
function wordsFor(name: string): string {
  const words = name
    .replace(/^project[-_]|[-_]?usage[-_]based$|^unified[-_]?/g, '')
    .replace(/\breq\b/, 'requests')
    .replace(/[-_](per[-_])?(second|minute|hour|day|week|month)$/, ' per $2')
    .replace(/[-_]/g, ' ');
  return words === '' ? 'requests' : words;
}

const number = (value: string): number | undefined => {
  const text = value.trim().replaceAll(',', '');
  return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : undefined;
};

function counterOf(counters: Map<string, Counter>, name: string): Counter {
  const known = counters.get(name);
  if (known) return known;
  const counter: Counter = { what: wordsFor(name) };
  counters.set(name, counter);
  return counter;
}

/** Mistral names the window and no time: that window's end is no farther off than its length. */
const WINDOWS: [end: string, seconds: number][] = [
  ['second', 1],
  ['minute', 60],
  ['hour', 3600],
];

/** `<prefix>limit-X`, `<prefix>remaining-X`, `<prefix>reset-X`, the kind before what is counted. */
function readKindFirst(rest: string, value: string, counters: Map<string, Counter>, now: number): void {
  const [, kind, name = ''] = /^(limit|remaining|reset)(?:[-_](?!after$)(.{1,40}))?$/.exec(rest) ?? [];
  if (kind === undefined) {
    if (rest === 'reset-after') setSeconds(counterOf(counters, ''), secondsOf(value, now));
    return;
  }
  const counter = counterOf(counters, name);
  if (kind === 'reset') setSeconds(counter, secondsOf(value, now));
  else setCount(counter, kind, value);
  const window = WINDOWS.find(([end]) => name.endsWith(end));
  if (window && counter.seconds === undefined) counter.seconds = window[1];
}

/** Anthropic's `requests-limit`, `requests-remaining`, `requests-reset`: the kind after what is counted. */
function readKindLast(rest: string, value: string, counters: Map<string, Counter>, now: number): void {
  const [, name, kind] = /^(.{1,40})-(limit|remaining|reset)$/.exec(rest) ?? [];
  if (name === undefined || kind === undefined) return;
  const counter = counterOf(counters, name);
  if (kind === 'reset') setSeconds(counter, secondsUntil(parseDate(value), now) ?? secondsOf(value, now));
  else setCount(counter, kind, value);
}

/** The same of the priority tier; requests beyond it are served as all others. */
function readPriority(rest: string, value: string, counters: Map<string, Counter>, now: number): void {
  readKindLast(`priority-${rest}`, value, counters, now);
  for (const [name, counter] of counters) if (name.startsWith('priority-')) counter.soft = true;
}

/**
 * Anthropic's windows of 5 hours and of 7 days: `5h-status`, `5h-reset` (Unix seconds), and both without a window. Rejected
 * means nothing remains. Windows other than these two belong to one class of models.
 */
function readUnified(rest: string, value: string, counters: Map<string, Counter>, now: number): void {
  const [, window = '', kind] = /^(?:(.{1,20})-)?(status|reset)$/.exec(rest) ?? [];
  if (kind === undefined || window === 'overage' || window === 'fallback') return;
  const key = `unified-${window}`;
  const counter = counters.get(key) ?? { what: window === '' ? 'usage limit' : `usage limit of ${window}` };
  counters.set(key, counter);
  if (window === '' || window === '5h' || window === '7d') counter.wholeKey = true;
  if (kind === 'status') counter.remaining = value.trim().toLowerCase() === 'rejected' ? 0 : 1;
  else {
    const seconds = number(value);
    setSeconds(
      counter,
      seconds === undefined ? secondsUntil(parseDate(value), now) : secondsOfNumber(seconds, now),
    );
  }
}

function setSeconds(counter: Counter, seconds: number | undefined): void {
  if (seconds !== undefined) counter.seconds = seconds;
}

function setCount(counter: Counter, kind: string, value: string): void {
  const count = number(value);
  if (count === undefined) return;
  // Azure says -1 where it does not count.
  if (kind === 'limit') counter.limit = count;
  else if (count >= 0) counter.remaining = count;
}

/**
 * The structured fields of the IETF draft: `RateLimit: "burst";r=0;t=12, "daily";r=50;t=3600`, and its earlier form
 * `limit=100, remaining=0, reset=50`. `RateLimit-Policy: "burst";q=100;w=60` tells the window.
 */
function readStructured(policy: boolean) {
  return (_rest: string, value: string, counters: Map<string, Counter>, now: number): void => {
    const plain = !value.includes(';');
    for (const item of (plain ? [value] : value.split(',')).slice(0, 16)) {
      const found: Record<string, string> = {};
      const [, name = ''] = /^\s*"?([^";=,]{0,40})"?\s*(?:;|$)/.exec(item) ?? [];
      for (const [, key = '', text = ''] of item.matchAll(/([a-z]{1,12})\s*=\s*"?([\w.-]{1,24})/gi)) {
        found[key.toLowerCase()] = text;
      }
      const key = `ratelimit-${plain ? '' : name}`;
      const counter = counters.get(key) ?? { what: 'requests' };
      counters.set(key, counter);
      const unit = found.qu ?? 'requests';
      if (policy) {
        const window = { '1': 'second', '60': 'minute', '3600': 'hour', '86400': 'day' }[found.w ?? ''];
        if (window) counter.what = `${unit} per ${window}`;
        setCount(counter, 'limit', found.q ?? '');
      } else {
        setCount(counter, 'remaining', found.r ?? found.remaining ?? '');
        setCount(counter, 'limit', found.limit ?? '');
        setSeconds(counter, secondsOf(found.t ?? found.reset ?? '', now));
      }
    }
  };
}

const DRAFT = 'https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers';

/** Every family; a longer prefix stands before a shorter one of the same beginning. */
export const COUNTER_FORMS: readonly CounterForm[] = [
  {
    name: 'OpenAI, Azure, xAI: durations; Groq: requests of the day, tokens of the minute; OpenRouter: epoch ms',
    // Also https://console.groq.com/docs/rate-limits, https://openrouter.ai/docs/api-reference/limits
    source: 'https://platform.openai.com/docs/guides/rate-limits',
    prefix: 'x-ratelimit-',
    read: readKindFirst,
  },
  {
    name: 'Mistral before 2026, by the size of requests',
    source: 'https://docs.mistral.ai/deployment/laplateforme/tier',
    prefix: 'x-ratelimitbysize-',
    read: readKindFirst,
  },
  {
    name: 'Mistral before 2026, without the x',
    source: 'https://docs.mistral.ai/deployment/laplateforme/tier',
    prefix: 'ratelimitbysize-',
    read: readKindFirst,
  },
  {
    name: 'Anthropic: windows of subscriptions',
    source:
      'https://github.com/router-for-me/CLIProxyAPI internal/runtime/executor/helps/claude_ratelimit.go',
    prefix: 'anthropic-ratelimit-unified-',
    read: readUnified,
  },
  {
    name: 'Anthropic: requests, tokens, input and output tokens, priority tier; RFC 3339',
    source: 'https://platform.claude.com/docs/en/api/rate-limits#response-headers',
    prefix: 'anthropic-ratelimit-',
    read: readKindLast,
  },
  {
    name: 'Anthropic: priority tier',
    source: 'https://platform.claude.com/docs/en/api/service-tiers',
    prefix: 'anthropic-priority-',
    read: readPriority,
  },
  {
    name: 'IETF draft, policies',
    source: `${DRAFT}/10/`,
    prefix: 'ratelimit-policy',
    read: readStructured(true),
  },
  { name: 'IETF draft up to 06', source: `${DRAFT}/06/`, prefix: 'ratelimit-', read: readKindFirst },
  { name: 'IETF draft from 07', source: `${DRAFT}/10/`, prefix: 'ratelimit', read: readStructured(false) },
];

/** All counters in the headers. */
export function readCounters(headers: HeaderMap, now: number): Counter[] {
  const counters = new Map<string, Counter>();
  for (const [name, value] of headers) {
    const form = value.length > 400 ? undefined : COUNTER_FORMS.find((one) => name.startsWith(one.prefix));
    if (!form) continue;
    const rest = name.slice(form.prefix.length);
    if (rest !== '' || form.prefix.endsWith('ratelimit') || form.prefix.endsWith('policy'))
      form.read(rest, value, counters, now);
  }
  return [...counters.values()];
}
