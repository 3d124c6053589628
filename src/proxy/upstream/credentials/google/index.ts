import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Dispatchers } from '../../dispatcher';
import { credentialError, readCredential } from './credential';
import { defaultCredential, type DefaultCredential } from './default-credential';
import { fetchMetadataToken, fetchToken, type AccessToken } from './fetch-token';
import { TokenCache } from './token-cache';

const tokens = new TokenCache();

async function readFileText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw credentialError(
      `The credential file ${path} cannot be read (${code ?? 'error'}). Check GOOGLE_APPLICATION_CREDENTIALS, or paste a service account's key.`,
    );
  }
}

function fetchDefault(source: DefaultCredential, dispatchers: Dispatchers): Promise<AccessToken> {
  if (source.type === 'metadata') return fetchMetadataToken(source.origin, dispatchers);
  return readFileText(source.path).then((text) =>
    fetchToken(readCredential(text, `The file ${source.path}`), dispatchers),
  );
}

/**
 * An access token of Google Cloud, kept until shortly before its end.
 * @param key the JSON of a credential, or '' for Application Default Credentials
 * @returns rejects with an UpstreamError that says what to do and holds no secret
 */
export async function googleToken(key: string, dispatchers: Dispatchers): Promise<AccessToken> {
  if (key !== '') {
    const credential = readCredential(key, 'The key');
    const name = createHash('sha256').update(key).digest('base64');
    return tokens.get(name, () => fetchToken(credential, dispatchers));
  }
  const source = defaultCredential(process.env);
  if (!source)
    throw credentialError(
      'This account has no key, and this machine has no credentials of Google Cloud. Paste a service account\'s key, or run "gcloud auth application-default login".',
    );
  const name = source.type === 'file' ? `file ${source.path}` : source.origin;
  return tokens.get(name, () => fetchDefault(source, dispatchers));
}
