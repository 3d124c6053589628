import { UpstreamError } from '../../../errors';

/** Credentials that are missing or of no use: says what to do, and holds no secret. */
export function credentialError(message: string): UpstreamError {
  return new UpstreamError(message, { status: 401, kind: 'authentication' });
}
