import type { Core } from '../core';
import type { Exchange } from '../exchange';

/** Where a response's id stands, in its first event and in its body. */
const RESPONSE_ID = /"id"\s*:\s*"(resp_[\w-]{1,200})"/;

/** A response that an account keeps is gone on with, read and deleted at that account alone. */
export function noteOwner(core: Core, exchange: Exchange, account: string, bytes: Buffer): void {
  if (exchange.dialect !== 'openai-responses') return;
  const id = RESPONSE_ID.exec(bytes.toString('latin1', 0, 512))?.[1];
  if (id !== undefined) core.responses.own(id, account);
}
