import { homedir } from 'node:os';
import type { SignableRequest } from '../../../providers/provider';
import { credentialError } from './credential-error';
import { isKeyPair, readKeyPair } from './key';
import { profileCredentials } from './profile';
import { signatureHeaders, type AwsCredentials } from './sign';

/** Where credentials are looked for, and what the time is. */
export interface AwsSurroundings {
  env: NodeJS.ProcessEnv;
  home: string;
  now: Date;
}

/** An API key of Amazon Bedrock in the environment. */
type Found = { bearer: string } | AwsCredentials;

/**
 * What the machine has: the environment first, then a profile, as AWS's own tools do it.
 * https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 */
async function findCredentials({ env, home }: AwsSurroundings): Promise<Found> {
  const token = env['AWS_BEARER_TOKEN_BEDROCK'];
  if (token) return { bearer: token };
  const [accessKeyId, secretAccessKey] = [env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY']];
  if (accessKeyId && secretAccessKey) {
    const sessionToken = env['AWS_SESSION_TOKEN'];
    return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  }
  const found = await profileCredentials(env, home);
  if (!found)
    throw credentialError(
      'This account has no key, and this machine has no AWS credentials. Give the account an API key of Amazon Bedrock, or run "aws configure".',
    );
  return found;
}

/** The headers to sign: the host, and what says how the body is to be read. */
function headersToSign(host: string, headers: readonly string[]): Record<string, string> {
  const at = headers.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-type');
  return { host, ...(at >= 0 && { 'content-type': headers[at + 1] ?? '' }) };
}

/**
 * The header lines that let a request in at Amazon Bedrock: a flat list; empty for an account with an API key, which its
 * endpoint sends as it is.
 * @param key the account's
 * @param region where the request goes
 * @returns rejects with an UpstreamError that says what to do and holds no secret
 */
export async function authorizeAws(
  key: string,
  region: string,
  { method, url, headers, body }: SignableRequest,
  surroundings: AwsSurroundings = { env: process.env, home: homedir(), now: new Date() },
): Promise<string[]> {
  if (key !== '' && !isKeyPair(key)) return [];
  const found = key === '' ? await findCredentials(surroundings) : readKeyPair(key);
  if ('bearer' in found) return ['authorization', `Bearer ${found.bearer}`];
  const { host, pathname, search } = new URL(url);
  return signatureHeaders(
    {
      method,
      path: pathname,
      query: search.slice(1),
      headers: headersToSign(host, headers),
      body: body ?? '',
    },
    found,
    { region, service: 'bedrock', now: surroundings.now },
  );
}
