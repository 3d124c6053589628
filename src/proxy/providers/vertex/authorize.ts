import type { Account } from '../../../shared/settings';
import { UpstreamError } from '../../errors';
import type { Dispatchers } from '../../upstream/dispatcher';
import type { SignableRequest } from '../provider';
import { isApiKey, projectOf } from './project';

/**
 * The token that lets a request in; nothing for an API key, which is sent as it is.
 * @returns rejects with an UpstreamError that says what to do
 */
export async function authorizeVertex(
  account: Account,
  { url }: SignableRequest,
  dispatchers: Dispatchers,
): Promise<string[]> {
  if (isApiKey(account.key)) {
    if (/[\\/]|\.json$/.test(account.key))
      throw new UpstreamError(
        'The key of this Vertex AI account looks like the name of a file. Paste what is in the file.',
        { status: 401, kind: 'authentication' },
      );
    if (url.includes('/publishers/anthropic/'))
      throw new UpstreamError(
        'Claude models on Vertex AI cannot be asked with an API key. Use the key of a service account.',
        { status: 401, kind: 'authentication' },
      );
    return [];
  }
  // Read for accounts of this kind alone.
  const { googleToken } = await import('../../upstream/credentials/google');
  const { token, quotaProject } = await googleToken(account.key, dispatchers);
  if (projectOf(account) === undefined)
    throw new UpstreamError(
      'It is not known which project of Google Cloud this Vertex AI account is for. Set its project.',
      { status: 401, kind: 'authentication' },
    );
  const payer = quotaProject === undefined ? [] : ['x-goog-user-project', quotaProject];
  return ['authorization', `Bearer ${token}`, ...payer];
}
