/** What is needed to send a request once more, from what was kept of it. */
import type { ExchangeRecord } from '../../../shared/exchange';
import { MASK } from '../../../shared/redact';
import type { ReplayRequest } from '../keeper/keeper-messages';
import type { StoredMessage } from '../store/record-store';
import { endToEndHeaders, withoutMaskedParameters } from './sendable';

/**
 * Makes a request of a record's own.
 * @throws Error whose message is for a person, where what was kept is not what was sent
 */
export function replayRequest(record: ExchangeRecord, request: StoredMessage | undefined): ReplayRequest {
  const refuse = (why: string): Error => new Error(`This request cannot be sent again: ${why}`);
  if (record.method !== 'POST') throw refuse('only requests with the method POST can be.');
  if (!request) throw refuse('nothing of it was kept. Bodies are kept while "monitor.captureBodies" is on.');
  if (!request.body || request.body.length === 0)
    throw refuse(request.size === 0 ? 'it has no body.' : (request.note ?? 'its body was not kept.'));
  if (request.note !== undefined || request.kept < request.size)
    throw refuse(request.note ?? 'only the beginning of its body was kept.');
  const body = Buffer.from(request.body);
  if (body.includes(MASK)) throw refuse('a secret in its body was masked, and would be sent as a mask.');
  const { path, query } = withoutMaskedParameters(request.url ?? record.path);
  if (path.includes(MASK)) throw refuse('a secret in its path was masked.');
  return {
    id: record.id,
    method: 'POST',
    url: path + query,
    headers: endToEndHeaders(request.headers).flat(),
    body,
  };
}
