/** Google's credential files: https://google.aip.dev/auth/4112 (service accounts), …/4113 (a user's own). */
import { isObject, type JsonObject } from '../../../../shared/json';
import { UpstreamError } from '../../../errors';

export type GoogleCredential =
  | { type: 'service_account'; email: string; privateKey: string; keyId?: string; tokenUrl: URL }
  | {
      type: 'authorized_user';
      clientId: string;
      clientSecret: string;
      refreshToken: string;
      tokenUrl: URL;
      /** The project that pays for calls of a person's. */
      quotaProject?: string;
    };

const TOKEN_URL = 'https://oauth2.googleapis.com/token';

/** Secrets go to Google, or to a stand-in on this machine: a file from somewhere must not name another receiver. */
function tokenUrlOf(json: JsonObject): URL {
  const named = json.token_uri;
  if (typeof named === 'string' && URL.canParse(named)) {
    const url = new URL(named);
    if (url.origin === 'https://oauth2.googleapis.com') return url;
    if (/^https?:$/.test(url.protocol) && /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(url.hostname))
      return url;
  }
  return new URL(TOKEN_URL);
}

/** 401: what is configured cannot be a credential, or Google refuses it. The message says what to do and holds no secret. */
export function credentialError(message: string, cause?: unknown): UpstreamError {
  return new UpstreamError(message, {
    status: 401,
    kind: 'authentication',
    ...(cause !== undefined && { cause }),
  });
}

/**
 * The credential in a file's text.
 * @param where for errors: `The key`, `The file /home/me/key.json`
 * @throws UpstreamError which says what to do
 */
export function readCredential(text: string, where: string): GoogleCredential {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's words may quote the text.
    throw credentialError(`${where} is not valid JSON. Paste the whole file of a service account's key.`);
  }
  if (!isObject(json)) throw credentialError(`${where} is no credential of Google Cloud.`);
  const field = (name: string): string => {
    const value = json[name];
    if (typeof value === 'string' && value !== '') return value;
    throw credentialError(`${where} has no "${name}". Download the key of the service account again.`);
  };
  const tokenUrl = tokenUrlOf(json);
  const type = typeof json.type === 'string' ? json.type.slice(0, 60) : '';
  switch (type) {
    case 'service_account':
      return {
        type,
        email: field('client_email'),
        privateKey: field('private_key'),
        ...(typeof json.private_key_id === 'string' && { keyId: json.private_key_id }),
        tokenUrl,
      };
    case 'authorized_user':
      return {
        type,
        clientId: field('client_id'),
        clientSecret: field('client_secret'),
        refreshToken: field('refresh_token'),
        ...(typeof json.quota_project_id === 'string' && { quotaProject: json.quota_project_id }),
        tokenUrl,
      };
    default:
      throw credentialError(
        `${where} is a credential of the type "${type}", which cannot be used. Use the key of a service account, or run "gcloud auth application-default login".`,
      );
  }
}
