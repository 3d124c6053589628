/** When an upstream wants to be asked again, as its error body says: every form, and where it was seen. */
import { isObject, type Json } from '../../../shared/json';
import { durationAtStart, parseDate, parseDuration, saneSeconds, secondsUntil } from './durations';
import { detailOf, type ErrorView } from './error-view';

/** One form of telling a time in a body. */
export interface BodyForm {
  name: string;
  source: string;
  /** Seconds from `now` (Unix ms), or undefined when the body has not this form. */
  read: (view: ErrorView, now: number) => number | undefined;
}

const numberOf = (value: Json | undefined): number | undefined => {
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && /^\d{1,13}(\.\d{1,9})?$/.test(value)
        ? Number(value)
        : NaN;
  return Number.isFinite(number) ? number : undefined;
};

/** A protobuf duration: `34.4s` in JSON, `{seconds, nanos}` where a server printed the message itself. */
function protobufDuration(value: Json | undefined): number | undefined {
  if (typeof value === 'string') return saneSeconds(parseDuration(value));
  if (!isObject(value)) return undefined;
  const seconds = numberOf(value.seconds) ?? 0;
  return saneSeconds(seconds + (numberOf(value.nanos) ?? 0) / 1e9);
}

/** The time after a phrase. The phrase ends where the duration begins. */
const after =
  (phrase: RegExp) =>
  (view: ErrorView): number | undefined => {
    const found = phrase.exec(view.text);
    if (!found) return undefined;
    return saneSeconds(durationAtStart(view.text.slice(found.index + found[0].length)));
  };

const CHINA = '+08:00';

/** The forms, the more exact before the less. */
export const BODY_FORMS: readonly BodyForm[] = [
  {
    name: 'google.rpc.RetryInfo.retryDelay',
    source: 'https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto',
    read: (view) => {
      const info = detailOf(view, 'RetryInfo');
      return protobufDuration(info?.retryDelay ?? info?.retry_delay);
    },
  },
  {
    name: 'google.rpc.ErrorInfo.metadata.quotaResetDelay',
    source: 'https://github.com/google-gemini/gemini-cli/issues/29425',
    read: (view) => {
      const metadata = detailOf(view, 'ErrorInfo')?.metadata;
      return isObject(metadata) ? protobufDuration(metadata.quotaResetDelay) : undefined;
    },
  },
  {
    name: 'google.rpc.ErrorInfo.metadata.quotaResetTimeStamp',
    source: 'https://github.com/google-gemini/gemini-cli/issues/29425',
    read: (view, now) => {
      const metadata = detailOf(view, 'ErrorInfo')?.metadata;
      const stamp = isObject(metadata) ? metadata.quotaResetTimeStamp : undefined;
      return typeof stamp === 'string' ? secondsUntil(parseDate(stamp), now) : undefined;
    },
  },
  {
    name: 'resets_in_seconds (usage_limit_reached)',
    source:
      'https://github.com/router-for-me/CLIProxyAPI internal/runtime/executor/codex_executor_terminal.go',
    read: ({ error }) => saneSeconds(numberOf(error.resets_in_seconds)),
  },
  {
    name: 'resets_at (usage_limit_reached)',
    source:
      'https://github.com/router-for-me/CLIProxyAPI internal/runtime/executor/codex_executor_terminal.go',
    read: ({ error }, now) => {
      const epoch = numberOf(error.resets_at);
      return epoch === undefined ? undefined : secondsUntil(epoch * 1000, now);
    },
  },
  {
    name: 'retry_after, retry_after_seconds, retryAfter',
    source: 'no reference: a field of several gateways',
    read: ({ error, body }) => {
      const metadata = isObject(error.metadata) ? error.metadata : {};
      for (const place of [metadata, error, body]) {
        const { retry_after_seconds: seconds, retry_after: plain, retryAfter: camel } = place;
        const found = saneSeconds(numberOf(seconds) ?? numberOf(plain) ?? numberOf(camel));
        if (found !== undefined) return found;
      }
      return undefined;
    },
  },
  {
    name: 'estimated_time of a model that is loading (Hugging Face)',
    source: 'https://huggingface.co/docs/api-inference/detailed_parameters',
    read: ({ body }) => saneSeconds(numberOf(body.estimated_time)),
  },
  {
    name: 'Please retry in 12.3s (Gemini)',
    source: 'https://github.com/continuedev/continue/issues/9570',
    read: after(/\bretry in:?\s+/i),
  },
  {
    name: 'Please try again in 2h21m25.8s, 644ms (OpenAI, Groq)',
    source:
      'https://github.com/continuedev/continue/issues/10920, https://github.com/BuilderIO/micro-agent/issues/86',
    read: after(/\btry again in:?\s+/i),
  },
  {
    name: 'please try again after 1 seconds (Moonshot)',
    source: 'https://github.com/LLM-Red-Team/kimi-cc/issues/16',
    read: after(/\btry again after:?\s+/i),
  },
  {
    name: 'Please retry after 26 seconds (Azure)',
    source: 'https://github.com/icereed/paperless-gpt/issues/814',
    read: after(/\bretry after:?\s+/i),
  },
  {
    name: 'Please wait 17 seconds; wait for 3 minutes before',
    source: 'no reference: a sentence of several gateways',
    read: after(/\b(?:please|must|to) wait (?:for )?(?:another )?(?=\d)/i),
  },
  {
    name: 'Your quota will reset after 161h39m41s; Resets in 9h22m20s (Google)',
    source:
      'https://github.com/google-gemini/gemini-cli/issues/25103, https://github.com/google-gemini/gemini-cli/issues/29425',
    read: after(/\bresets? (?:after|in):?\s+/i),
  },
  {
    name: 'Your limit will reset at 2026-09-09 05:38:28 (z.ai, in Chinese time)',
    source: 'https://docs.z.ai/api-reference/api-code (1308, 1310, 1316-1321)',
    read: ({ text }, now) => {
      const stamp = /\bresets? at:? (\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)/i.exec(
        text,
      )?.[1];
      if (stamp === undefined) return undefined;
      const china = parseDate(stamp, CHINA);
      // A limit that was just met does not end in the past: then the date was meant in another zone.
      return secondsUntil(china !== undefined && china < now ? parseDate(stamp) : china, now);
    },
  },
  {
    name: 'You will regain access on 2025-12-01 at 00:00 UTC (Anthropic, spending limit)',
    source: 'https://platform.claude.com/docs/en/api/rate-limits#spend-limits',
    read: ({ text }, now) => {
      const found = /regain access on (\d{4}-\d\d-\d\d) at (\d\d:\d\d) UTC/i.exec(text);
      return found ? secondsUntil(parseDate(`${found[1] ?? ''}T${found[2] ?? ''}Z`), now) : undefined;
    },
  },
];

/** Seconds until the next attempt may work, as the body says; undefined when it says nothing usable. */
export function secondsOfBody(view: ErrorView, now: number): number | undefined {
  let found: number | undefined;
  for (const form of BODY_FORMS) {
    const seconds = form.read(view, now);
    // A zero says less than any other form that is there.
    if (seconds !== undefined && !found) found = seconds;
  }
  return found;
}
