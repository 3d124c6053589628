/**
 * AWS's shared files of credentials and configuration.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { credentialError } from './credential-error';
import type { AwsCredentials } from './sign';

type Section = Record<string, string>;

/** What makes a profile one that a command or a service must be asked about. */
const NOT_STATIC: Record<string, string> = {
  sso_session: 'signs in with IAM Identity Center (SSO)',
  sso_start_url: 'signs in with IAM Identity Center (SSO)',
  role_arn: 'assumes a role',
  credential_process: 'asks a program for credentials',
  web_identity_token_file: 'assumes a role with a web identity',
  login_session: 'signs in with the console',
};

/** The settings of one section; names in small letters. Settings that are nested, in indented lines, are left out. */
export function readSection(text: string, wanted: string): Section | undefined {
  let section: Section | undefined;
  let inside = false;
  for (const line of text.split(/\r?\n/)) {
    const heading = /^\s*\[\s*([^\]]*?)\s*\]/.exec(line);
    if (heading) {
      inside = heading[1]?.replace(/\s+/g, ' ') === wanted;
      if (inside) section ??= {};
      continue;
    }
    const setting = /^([^\s#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (inside && section && setting) section[setting[1]?.toLowerCase() ?? ''] = setting[2] ?? '';
  }
  return section;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw credentialError(`The file ${path} of AWS credentials cannot be read (${code ?? 'error'}).`);
  }
}

/**
 * The static credentials of the profile that `AWS_PROFILE` names, or of `default`.
 * @param home the user's home folder
 * @returns undefined when there is no such profile and none was named. Rejects with an UpstreamError for profiles that cannot be
 * used, which says why
 */
export async function profileCredentials(
  env: NodeJS.ProcessEnv,
  home: string,
): Promise<AwsCredentials | undefined> {
  const profile = env['AWS_PROFILE'] || env['AWS_DEFAULT_PROFILE'] || 'default';
  const named = profile !== 'default';
  const credentialsFile = env['AWS_SHARED_CREDENTIALS_FILE'] || join(home, '.aws', 'credentials');
  const configFile = env['AWS_CONFIG_FILE'] || join(home, '.aws', 'config');
  const [credentials, config] = await Promise.all([readText(credentialsFile), readText(configFile)]);
  const section: Section = {
    ...readSection(config ?? '', named ? `profile ${profile}` : 'default'),
    ...readSection(credentials ?? '', profile),
  };
  const { aws_access_key_id: accessKeyId, aws_secret_access_key: secretAccessKey } = section;
  if (accessKeyId && secretAccessKey) {
    const token = section['aws_session_token'];
    return { accessKeyId, secretAccessKey, ...(token && { sessionToken: token }) };
  }
  const reason = Object.keys(NOT_STATIC).find((name) => section[name]);
  if (reason !== undefined)
    throw credentialError(
      `The AWS profile "${profile}" ${NOT_STATIC[reason] ?? ''}, which Portside does not do. Give the account an API key of Amazon Bedrock, or put credentials into the environment (aws configure export-credentials --format env).`,
    );
  if (named)
    throw credentialError(
      `The AWS profile "${profile}" has no credentials: neither ${credentialsFile} nor ${configFile} holds any.`,
    );
  return undefined;
}
