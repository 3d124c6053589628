import { credentialError } from './credential-error';
import type { AwsCredentials } from './sign';

/**
 * Whether an account's key is `accessKeyId:secretAccessKey[:sessionToken]` rather than an API key of Amazon Bedrock: those
 * have no colon. https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html
 */
export function isKeyPair(key: string): boolean {
  return key.includes(':');
}

/** The credentials in a key; throws an UpstreamError for one that is none. */
export function readKeyPair(key: string): AwsCredentials {
  const [accessKeyId = '', secretAccessKey = '', sessionToken, ...more] = key
    .split(':')
    .map((part) => part.trim());
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKey.html
  if (!/^\w{16,128}$/.test(accessKeyId) || secretAccessKey === '' || more.length > 0)
    throw credentialError(
      'The key of this Amazon Bedrock account must be an API key of Amazon Bedrock, or "accessKeyId:secretAccessKey", or "accessKeyId:secretAccessKey:sessionToken".',
    );
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}
