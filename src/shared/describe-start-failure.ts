import type { ProxyStatus } from './status';

/** Translates a text with its arguments, as `l10n.t` does. */
export type Translate = (message: string, ...args: (string | number)[]) => string;

/**
 * Why the proxy did not start, in the editor's language. In English it is what the specification says literally
 * (SPEC 1.4, 1.5), and so is what neither an account nor an address was missing for.
 * @param failure that of the status, which holds nothing that looks like a key
 */
export function describeStartFailure(
  { message, code, host, port }: NonNullable<ProxyStatus['failure']>,
  t: Translate,
): string {
  if (code === 'NO_ACCOUNTS') return t('no available accounts, please add an account first');
  const address = `${host}:${port}`;
  const begin = `failed to start server: failed to bind address ${address}: `;
  if (!message.startsWith(begin)) return message;
  return t('failed to start server: failed to bind address {0}: {1}', address, message.slice(begin.length));
}
