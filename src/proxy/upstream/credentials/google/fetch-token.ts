/** Access tokens of Google Cloud: https://developers.google.com/identity/protocols/oauth2/service-account#httprest */
import { createSign } from 'node:crypto';
import { isObject } from '../../../../shared/json';
import { UpstreamError } from '../../../errors';
import type { Dispatchers } from '../../dispatcher';
import { requestJson, type JsonAnswer } from '../../request-json';
import { credentialError, type GoogleCredential } from './credential';

export interface AccessToken {
  token: string;
  /** Unix ms. */
  expiresAt: number;
  /** The project that pays for calls of a person's, to be named with each. */
  quotaProject?: string;
}

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const TIMEOUT_MS = 15_000;

const base64url = (text: string) => Buffer.from(text).toString('base64url');

/** The signed assertion of a service account, good for one hour (RFC 7523). */
function assertion(credential: GoogleCredential & { type: 'service_account' }, now: number): string {
  const { email, privateKey, keyId, tokenUrl } = credential;
  const issued = Math.floor(now / 1000);
  const head = { alg: 'RS256', typ: 'JWT', ...(keyId !== undefined && { kid: keyId }) };
  const claims = { iss: email, scope: SCOPE, aud: tokenUrl.href, iat: issued, exp: issued + 3600 };
  const signed = `${base64url(JSON.stringify(head))}.${base64url(JSON.stringify(claims))}`;
  try {
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`;
  } catch {
    throw credentialError(
      `The private key of the service account ${email} cannot be read. Download its key again, and paste the whole file.`,
    );
  }
}

function formOf(credential: GoogleCredential, now: number): URLSearchParams {
  if (credential.type === 'service_account')
    return new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: assertion(credential, now),
    });
  return new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: credential.clientId,
    client_secret: credential.clientSecret,
    refresh_token: credential.refreshToken,
  });
}

/** Rejects with an UpstreamError in place of the connection's own errors. */
async function ask(
  dispatchers: Dispatchers,
  url: URL,
  call: { method: 'GET' | 'POST'; headers: string[]; body: Buffer | null },
): Promise<JsonAnswer> {
  try {
    return await requestJson(dispatchers, {
      origin: url.origin,
      basePath: '',
      path: url.pathname + url.search,
      timeoutMs: TIMEOUT_MS,
      ...call,
    });
  } catch (thrown) {
    const { code } = thrown as Error & { code?: string };
    throw new UpstreamError(
      `No access token for Google Cloud could be fetched: ${url.host} could not be reached${code ? ` (${code})` : ''}. Check the network and the proxy settings.`,
      { cause: thrown },
    );
  }
}

function tokenIn({ status, body }: JsonAnswer, now: number, refused: (why: string) => Error): AccessToken {
  const answer = isObject(body) ? body : {};
  const { access_token: token, expires_in: seconds } = answer;
  if (status === 200 && typeof token === 'string' && /^[\x21-\x7e]+$/.test(token))
    return { token, expiresAt: now + (typeof seconds === 'number' ? seconds : 3600) * 1000 };
  if (status >= 400 && status < 500 && status !== 429) {
    const words = [answer.error, answer.error_description].filter((word) => typeof word === 'string');
    throw refused(words.length > 0 ? words.join(': ').slice(0, 200) : `status ${status}`);
  }
  throw new UpstreamError(
    `No access token for Google Cloud could be fetched: the token server answered ${status}.`,
    { status: status === 429 || status === 503 ? 503 : 502 },
  );
}

/** Trades a credential for a token. Rejects with an UpstreamError that says what to do and holds no secret. */
export async function fetchToken(
  credential: GoogleCredential,
  dispatchers: Dispatchers,
): Promise<AccessToken> {
  const now = Date.now();
  const answer = await ask(dispatchers, credential.tokenUrl, {
    method: 'POST',
    headers: ['content-type', 'application/x-www-form-urlencoded', 'accept', 'application/json'],
    body: Buffer.from(formOf(credential, now).toString()),
  });
  const token = tokenIn(answer, now, (why) =>
    credentialError(
      credential.type === 'service_account'
        ? `Google refused the service account ${credential.email} (${why}). Check that the account and its key exist and that this machine's clock is right, or make a new key.`
        : `Google refused the login of gcloud (${why}). Run "gcloud auth application-default login" again.`,
    ),
  );
  const quotaProject = credential.type === 'authorized_user' ? credential.quotaProject : undefined;
  return { ...token, ...(quotaProject !== undefined && { quotaProject }) };
}

/** The token of the service account that this machine, one of Google's, runs as. Rejects as {@link fetchToken} does. */
export async function fetchMetadataToken(origin: string, dispatchers: Dispatchers): Promise<AccessToken> {
  const now = Date.now();
  const url = new URL('/computeMetadata/v1/instance/service-accounts/default/token', origin);
  const answer = await ask(dispatchers, url, {
    method: 'GET',
    headers: ['metadata-flavor', 'Google', 'accept', 'application/json'],
    body: null,
  });
  return tokenIn(answer, now, (why) =>
    credentialError(
      `The metadata server gave no access token (${why}). Give this machine a service account, or paste a service account's key.`,
    ),
  );
}
