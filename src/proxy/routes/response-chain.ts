import type { JsonObject } from '../../shared/json';
import { continued, unknownItem, unknownResponse, withItems } from '../responses/continue-conversation';
import { chooseAccounts, onlyThose, type Choices } from '../exchange/attempts/candidates';
import type { Core } from '../exchange/core';
import type { Exchange } from '../exchange/exchange';
import { parseObject, type Incoming } from './incoming';

/** Whether a request leaves parts of the conversation to whoever keeps it. */
function leansOnStored(body: Buffer): boolean {
  return body.includes('"previous_response_id"') || body.includes('"item_reference"');
}

/** The accounts that keep responses, or the one account that made a response. */
function keepersAmong(choices: Choices, accountId?: string): Choices {
  return onlyThose(
    choices,
    (choice) =>
      choice.type === 'upstream' &&
      choice.endpoint.dialect === 'openai-responses' &&
      (accountId === undefined || choice.account.id === accountId),
  );
}

/**
 * Who may go on with a conversation. What Portside keeps of it is put into the body, and any account will do; what an
 * account keeps goes to an account that may know it.
 * @throws InvalidRequestError `previous_response_not_found`, NoAccountError, NotFoundError
 */
export function chooseForConversation(
  core: Core,
  exchange: Exchange,
  asked: Incoming,
): { incoming: Incoming; choices: Choices } {
  if (exchange.dialect !== 'openai-responses' || !leansOnStored(asked.body))
    return { incoming: asked, choices: chooseAccounts(core, exchange, asked.model) };
  const parsed = parseObject(asked.body);
  const { body, unknown } = withItems(parsed, core.responses);
  const found = continued(body, core.responses);
  const choices = chooseAccounts(core, exchange, asked.model);
  if (found?.type === 'account') {
    // Only whoever made a response knows it. With no owner on record every account that keeps responses may be it.
    const keepers = keepersAmong(choices, found.accountId);
    if (keepers.length === 0) throw unknownResponse(found.id);
    return { incoming: withBody(asked, body, parsed), choices: keepers };
  }
  const incoming = found
    ? { ...withBody(asked, found.body, parsed), previousId: found.id }
    : withBody(asked, body, parsed);
  if (unknown.length === 0) return { incoming, choices };
  const keepers = keepersAmong(choices);
  if (keepers.length > 0) return { incoming, choices: keepers };
  // Without earlier reasoning an answer is still an answer to the same conversation.
  const needed = unknown.find((id) => !id.startsWith('rs_'));
  if (needed !== undefined) throw unknownItem(needed);
  return { incoming, choices };
}

/** What nothing was put into goes on byte for byte. */
function withBody(incoming: Incoming, body: JsonObject, parsed: JsonObject): Incoming {
  return body === parsed ? incoming : { ...incoming, body: Buffer.from(JSON.stringify(body)) };
}
