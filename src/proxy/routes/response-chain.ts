import { continued, unknownResponse } from '../responses/continue-conversation';
import { chooseAccounts, type Choice } from './candidates';
import type { Core } from './core';
import type { Exchange } from './exchange';
import { parseObject, type Incoming } from './model-call';

/**
 * Who may go on with a conversation. One that Portside keeps is put into the body whole, and any account will do; one
 * that an account keeps goes to that account alone.
 * @throws InvalidRequestError `previous_response_not_found`, NoAccountError, NotFoundError
 */
export function chooseForConversation(
  core: Core,
  exchange: Exchange,
  incoming: Incoming,
): { incoming: Incoming; choices: Choice[] } {
  const found = continued(parseObject(incoming.body), core.responses);
  if (!found) return { incoming, choices: chooseAccounts(core, exchange, incoming.model) };
  if (found.type === 'ours') {
    const body = Buffer.from(JSON.stringify(found.body));
    return {
      incoming: { ...incoming, body, previousId: found.id },
      choices: chooseAccounts(core, exchange, incoming.model),
    };
  }
  const { accountId, id } = found;
  // Only whoever made a response knows it. With no owner on record every account that keeps responses may be it.
  const choices = chooseAccounts(core, exchange, incoming.model).filter(
    (choice) =>
      choice.type === 'upstream' &&
      choice.endpoint.dialect === 'openai-responses' &&
      (accountId === undefined || choice.account.id === accountId),
  );
  if (choices.length === 0) throw unknownResponse(id);
  return { incoming, choices };
}
