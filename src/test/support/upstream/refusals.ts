/** Refusals as providers send them, and what the pool makes of them in one line. */
import assert from 'node:assert/strict';
import { upstreamAdapterOf } from '../../../proxy/dialects/registry';
import { judge } from '../../../proxy/pool/limits/judge';
import type { Verdict } from '../../../proxy/pool/verdict';
import type { ProviderName } from '../../../shared/setting-names';

export const NOW = Date.UTC(2030, 0, 1, 12, 0, 0);
export const SECONDS = NOW / 1000;
export type Dialect = Parameters<typeof upstreamAdapterOf>[0];

export const DIALECTS: Partial<Record<ProviderName, Dialect>> = {
  gemini: 'gemini',
  vertex: 'gemini',
  anthropic: 'anthropic',
  'anthropic-compatible': 'anthropic',
  zai: 'anthropic',
  bedrock: 'bedrock',
};

/** What becomes of an answer, in the protocol that its provider speaks. */
export function verdictOf(
  provider: ProviderName,
  status: number,
  body: unknown,
  headers: string[] = [],
  dialect: Dialect = DIALECTS[provider] ?? 'openai-chat',
): Verdict {
  const info = upstreamAdapterOf(dialect).decodeError(status, body, headers);
  return judge({ status, headers, body }, info, { provider, dialect }, NOW);
}

/** One word for a verdict: `model 30 told requests per minute`, `dead key billing`. */
export function brief(verdict: Verdict): string {
  switch (verdict.type) {
    case 'limited': {
      const { scope, waitSeconds, told, overloaded, what } = verdict;
      const wait = waitSeconds === undefined ? '?' : String(Math.round(waitSeconds * 1000) / 1000);
      return `${overloaded ? 'overloaded' : 'limited'} ${scope} ${wait} ${told ? 'told' : 'untold'}: ${what}`;
    }
    case 'dead':
      return `dead ${verdict.scope} ${verdict.why}`;
    default:
      return verdict.type;
  }
}

export const openai = (message: string, code: string | null = null, type = 'invalid_request_error') => ({
  error: { message, type, param: null, code },
});
export const anthropic = (type: string, message: string) => ({ type: 'error', error: { type, message } });
export const google = (code: number, status: string, message: string, ...details: object[]) => ({
  error: { code, message, status, ...(details.length > 0 && { details }) },
});
export const rpc = (name: string) => ({ '@type': `type.googleapis.com/google.rpc.${name}` });
export const quota = (...violations: object[]) => ({ ...rpc('QuotaFailure'), violations });
export const reason = (word: string) => ({ ...rpc('ErrorInfo'), reason: word, domain: 'googleapis.com' });
export const zai = (code: string, message: string) => ({
  type: 'error',
  error: { type: 'rate_limit_error', code, message: `[${code}][${message}][2030]` },
});
export const PAGE =
  '<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head></html>';

/** `expected` as {@link brief} writes it. */
export type RefusalRow = [
  what: string,
  provider: ProviderName,
  status: number,
  body: unknown,
  expected: string,
  headers?: string[],
];

/** One test for each row: the provider's answer, as its own adapter reads it, against the verdict in one line. */
export function describeRefusals(title: string, rows: readonly RefusalRow[]): void {
  describe(`a refusal for the sake of ${title}`, () => {
    for (const [what, provider, status, body, expected, headers] of rows)
      it(`${what} (${status}): ${expected}`, () => {
        assert.equal(brief(verdictOf(provider, status, body, headers)), expected);
      });
  });
}
