import { t } from '@vscode/l10n';
import { CHOSEN } from '../../../shared/describe-decision';
import type { ExchangeRecord } from '../../../shared/exchange';
import type { CostLine, Outcome } from '../../../shared/monitor';
import { DIALECT_LABELS } from '../../parts/dialect-labels';

/**
 * Reason phrases; not translated, as they stand in every log. RFC 9110 §15 (https://www.rfc-editor.org/rfc/rfc9110#section-15)
 * and what providers and servers use besides: 499 is nginx's, 529 Anthropic's.
 */
const PHRASES: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  424: 'Failed Dependency',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  498: 'Capacity Exceeded',
  499: 'Client Closed Request',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  529: 'Overloaded',
};

/** A status with its phrase: `429 Too Many Requests`. */
export function describeStatus(status: number): string {
  if (status === 0) return t('No status');
  const phrase = PHRASES[status];
  return phrase ? `${status} ${phrase}` : String(status);
}

/** How an exchange ended, in a word. */
export function describeOutcome(outcome: Outcome): string {
  switch (outcome) {
    case 'completed':
      return t('Completed');
    case 'failed':
      return t('Failed');
    case 'cancelled':
      return t('Cancelled');
    case 'rejected':
      return t('Rejected');
  }
}

/** What such an end means. */
export function explainOutcome({ outcome, attempts }: ExchangeRecord): string {
  switch (outcome) {
    case 'completed':
      return t('The client got the whole answer.');
    case 'failed':
      return attempts.length > 0 ? t('No account gave a whole answer.') : t('No account could be asked.');
    case 'cancelled':
      return t('The client left before the answer was over.');
    case 'rejected':
      return t('Portside refused the request: no account was asked.');
  }
}

/** Why the first account was it, in words that continue its name; undefined when nobody was asked. */
export function describeChoice({ chosenBy }: ExchangeRecord): string | undefined {
  return chosenBy === undefined ? undefined : t(CHOSEN[chosenBy] ?? chosenBy);
}

/** A protocol as people call it, those of accounts alone among them. */
export function describeProtocol(dialect: string): string {
  if (dialect === 'bedrock') return 'Amazon Bedrock Converse';
  if (dialect === 'editor') return t('Models of the editor');
  return (DIALECT_LABELS as Record<string, string>)[dialect] ?? dialect;
}

/** What a warning of the translation means, by its type. */
export function describeWarningType(type: string): { title: string; meaning: string } {
  switch (type) {
    case 'dropped':
      return { title: t('Dropped'), meaning: t('The account’s protocol has no place for it: left out.') };
    case 'changed':
      return { title: t('Changed'), meaning: t('It was carried over in another form.') };
    case 'approximated':
      return {
        title: t('Approximated'),
        meaning: t('The nearest value that the account’s protocol has was taken.'),
      };
    default:
      return { title: type, meaning: '' };
  }
}

/** The warnings of a record by their types, in the order in which types first occur; equal ones once, counted. */
export function groupWarnings({ warnings }: Pick<ExchangeRecord, 'warnings'>): {
  type: string;
  rows: { field: string; message: string; times: number }[];
}[] {
  const groups = new Map<string, Map<string, { field: string; message: string; times: number }>>();
  for (const { type, field, message } of warnings) {
    const group = groups.get(type) ?? new Map<string, { field: string; message: string; times: number }>();
    groups.set(type, group);
    const key = JSON.stringify([field, message]);
    const row = group.get(key) ?? { field, message, times: 0 };
    row.times += 1;
    group.set(key, row);
  }
  return [...groups].map(([type, rows]) => ({ type, rows: [...rows.values()] }));
}

/** What a line of a cost is for. */
export function describeCostLine(what: CostLine['what']): string {
  switch (what) {
    case 'input':
      return t('Input');
    case 'cachedInput':
      return t('Input from cache');
    case 'cacheWrite':
      return t('Written to cache');
    case 'cacheWrite1h':
      return t('Written to cache for an hour');
    case 'output':
      return t('Output');
    case 'request':
      return t('Request');
  }
}

/**
 * Tokens per second of the time in which the answer came; undefined where that is unknown or too short to tell: an
 * answer that came in one piece has no speed.
 */
export function tokensPerSecond({ usage, firstByteMs, durationMs }: ExchangeRecord): number | undefined {
  if (!usage || usage.outputTokens < 2 || firstByteMs === undefined) return undefined;
  const ms = durationMs - firstByteMs;
  return ms < 100 ? undefined : (usage.outputTokens / ms) * 1000;
}
