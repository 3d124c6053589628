import { readFileSync } from 'node:fs';
import { isObject } from '../../../shared/json';
import type { Account } from '../../../shared/settings';
import { defaultCredential } from '../../upstream/credentials/google/default-credential';

/** What a Vertex account is used by: an API key of express mode, or a credential that is traded for tokens. */
export function isApiKey(key: string): boolean {
  return key !== '' && !key.trimStart().startsWith('{');
}

export function regionOf({ region }: Account): string {
  return region ?? 'global';
}

function projectIn(text: string): string | undefined {
  try {
    const json: unknown = JSON.parse(text);
    if (!isObject(json)) return undefined;
    const named = [json.project_id, json.quota_project_id].find(
      (name) => typeof name === 'string' && name !== '',
    );
    return named as string | undefined;
  } catch {
    return undefined;
  }
}

function defaultProject(environment: NodeJS.ProcessEnv): string | undefined {
  const named = environment.GOOGLE_CLOUD_PROJECT ?? environment.GCLOUD_PROJECT;
  if (named) return named;
  const source = defaultCredential(environment);
  if (source?.type !== 'file') return undefined;
  try {
    return projectIn(readFileSync(source.path, 'utf8'));
  } catch {
    return undefined;
  }
}

const known = new WeakMap<Account, string>();

/** The project that is asked: the account's own, else its credential's; undefined when nobody names one. */
export function projectOf(account: Account): string | undefined {
  const found =
    known.get(account) ??
    account.project ??
    (account.key === '' ? defaultProject(process.env) : projectIn(account.key));
  if (found !== undefined) known.set(account, found);
  return found;
}

/**
 * What the paths of Vertex AI begin with: `/v1/projects/p/locations/l`, in express mode `/v1`. Without a project the path is a
 * dead one; the request is not sent then.
 */
export function placeRoot(account: Account, version = 'v1'): string {
  if (isApiKey(account.key)) return `/${version}`;
  const project = encodeURIComponent(projectOf(account) ?? '-');
  return `/${version}/projects/${project}/locations/${regionOf(account)}`;
}
