import type { RawMessage } from '../../../../../proxy/monitor/keeper/keeper-messages';
import { MessageRedactor } from '../../../../../proxy/monitor/redact/message-redactor';

export const CANARY = 'canary/9f"8+é~7d!6c';
export const redactor = new MessageRedactor([
  CANARY,
  'AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMIbPxRfiCYEXAMPLEKEY',
  'abc',
]);

/** A message as the keeper gets it. */
export const raw = (parts: Partial<RawMessage> & { text?: string | Buffer }): RawMessage => {
  const { text, ...rest } = parts;
  const body = text === undefined ? undefined : Buffer.from(text as string);
  return {
    seq: 1,
    part: 'request',
    headers: [],
    size: body?.length ?? 0,
    ...(body && { body: [body] }),
    ...rest,
  };
};
/** The text that is kept of its body. */
export const bodyOf = (parts: Parameters<typeof raw>[0]): string => {
  const { body } = redactor.message(raw(parts));
  return body ? Buffer.from(body).toString('utf8') : '';
};
export const JSON_TYPE = ['content-type', 'application/json'];
