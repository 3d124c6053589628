import type { HealthAnswer } from '../../shared/messages';
import type { Redactor } from '../../shared/redact';
import { probeHttp } from '../probe-http';

const HEALTH_TIMEOUT_MS = 5_000;

/**
 * `GET /healthz`. Never rejects; the answer holds no key.
 * @param url where the proxy listens; undefined while it does not
 */
export async function checkHealth(
  url: string | undefined,
  apiKey: () => Promise<string>,
  redactor: Redactor,
): Promise<HealthAnswer> {
  const began = performance.now();
  const ms = () => Math.round(performance.now() - began);
  if (url === undefined) return { body: 'The proxy is not running.', ms: 0 };
  try {
    // Sent in every mode: it is the local proxy's own key, and the mode may change in between.
    const headers = { authorization: `Bearer ${await apiKey()}` };
    const answer = await probeHttp(`${url}/healthz`, HEALTH_TIMEOUT_MS, headers);
    return { status: answer.status, body: redactor.redact(answer.body), ms: ms() };
  } catch (error) {
    return { body: redactor.redact(error instanceof Error ? error.message : String(error)), ms: ms() };
  }
}
