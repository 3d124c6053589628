/** Application Default Credentials: where they are looked for, in this order (https://google.aip.dev/auth/4110). */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export type DefaultCredential = { type: 'file'; path: string } | { type: 'metadata'; origin: string };

/** Where gcloud keeps what `gcloud auth application-default login` made. */
function gcloudFile(environment: NodeJS.ProcessEnv): string {
  const windows = environment.APPDATA !== undefined && process.platform === 'win32';
  const folder =
    environment.CLOUDSDK_CONFIG ??
    (windows
      ? join(environment.APPDATA ?? '', 'gcloud')
      : join(environment.HOME ?? homedir(), '.config', 'gcloud'));
  return join(folder, 'application_default_credentials.json');
}

/**
 * Where this machine's own credential is; undefined when there is none. The metadata server is asked only where the
 * environment says that there is one: elsewhere nothing answers at its address, for seconds.
 */
export function defaultCredential(environment: NodeJS.ProcessEnv): DefaultCredential | undefined {
  const named = environment.GOOGLE_APPLICATION_CREDENTIALS?.trim();
  if (named) return { type: 'file', path: named };
  const path = gcloudFile(environment);
  if (existsSync(path)) return { type: 'file', path };
  const host = environment.GCE_METADATA_HOST ?? environment.GCE_METADATA_IP;
  const onGoogle =
    host !== undefined ||
    environment.METADATA_SERVER_DETECTION === 'assume-present' ||
    environment.K_SERVICE !== undefined ||
    environment.GAE_SERVICE !== undefined;
  return onGoogle ? { type: 'metadata', origin: `http://${host ?? '169.254.169.254'}` } : undefined;
}
