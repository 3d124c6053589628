/**
 * `POST /v1/responses/compact`: a long conversation becomes a short one that goes on in its place. An account that speaks
 * the Responses API does it itself; any other is asked for a summary.
 * https://platform.openai.com/docs/api-reference/responses/compact
 */
import { isObject, type Json, type JsonObject } from '../../shared/json';
import { checkModel } from '../access/check-model';
import type { DialectAdapter } from '../dialects/adapter';
import type { CanonicalRequest } from '../dialects/canonical';
import { makeCompaction } from '../dialects/openai-responses/compaction';
import { encodeUsage } from '../dialects/openai-responses/map-usage';
import { adapterOf } from '../dialects/registry';
import { InvalidRequestError } from '../errors';
import { inputItems } from '../responses/continue-conversation';
import type { Core } from '../exchange/core';
import type { Exchange } from '../exchange/exchange';
import { bodyFor, parseObject, readTopLevel } from './incoming';
import { passedQuery, translate } from './model-call';
import { newId } from '../exchange/new-id';
import { passThrough } from '../exchange/pass-through';
import { readBody, requireJson } from '../exchange/read-body';
import { sessionKey } from '../exchange/session-key';
import { chooseForConversation } from './response-chain';
import { tryEach } from '../exchange/attempts/try-each';

const INSTRUCTION = [
  'The conversation above has grown too long and will be replaced by your summary of it. Write that summary for whoever',
  'goes on with the work, and nothing else: what the user wants, in their own words where those matter; what was done and',
  'decided and why; the files, commands, names and values that are still needed, exactly; what is open and what comes next.',
].join(' ');

/** What the user wrote stays as it was; everything else is in the summary. */
function userMessages(input: Json[]): Json[] {
  return input.filter(
    (item) => isObject(item) && item.role === 'user' && (item.type === undefined || item.type === 'message'),
  );
}

/** Gives an answer, which is a summary, as what `compact` answers. */
function summaryVoice(core: Core, exchange: Exchange, input: Json[]): DialectAdapter {
  return {
    ...adapterOf(exchange.dialect),
    encodeResponse: (response) => ({
      id: newId('resp_'),
      object: 'response.compaction',
      created_at: Math.floor(core.now() / 1000),
      output: [
        ...userMessages(input),
        makeCompaction(
          (response.choices[0]?.content ?? [])
            .flatMap((part) => (part.type === 'text' ? [part.text] : []))
            .join(''),
          newId('cmp_'),
        ),
      ],
      ...(response.usage && { usage: encodeUsage(response.usage) }),
    }),
  };
}

/** The request for a summary: the conversation without its tools, and the instruction behind it. */
function summaryRequest(exchange: Exchange, body: JsonObject): CanonicalRequest {
  const request = exchange.adapter.decodeRequest(
    { model: body.model, instructions: body.instructions, input: body.input, store: false },
    { stream: false, warn: exchange.warner },
  );
  return {
    ...request,
    messages: [...request.messages, { role: 'user', content: [{ type: 'text', text: INSTRUCTION }] }],
  };
}

/** Serves the route. */
export async function serveCompact(core: Core, exchange: Exchange): Promise<void> {
  requireJson(exchange.incoming);
  const asked = readTopLevel(
    exchange,
    await readBody(exchange.incoming, core.settings.bodyLimitMiB * 1_048_576),
  );
  exchange.modelAsked = asked.model;
  checkModel(exchange, asked.model);
  const { incoming, choices } = chooseForConversation(core, exchange, asked);
  // With what Portside keeps of the conversation: it begins there.
  exchange.session = () => sessionKey(exchange.incoming.headers, incoming.body);
  const body = parseObject(incoming.body);
  const input = inputItems(body.input);
  let request: CanonicalRequest | undefined;
  tryEach(core, exchange, choices, (choice, done, remedy) => {
    if (choice.type === 'demo') {
      throw new InvalidRequestError(
        'The demo account cannot summarise a conversation. Add an account with a key.',
      );
    }
    if (choice.endpoint.dialect === 'openai-responses') {
      exchange.voice = undefined;
      const path = `/responses/compact${passedQuery(exchange.query)}`;
      const sent = bodyFor(incoming, choice.model);
      passThrough(core, exchange, choice, { method: 'POST', path, body: sent, streamed: false }, done);
      return;
    }
    if (input.length === 0) throw new InvalidRequestError('There is nothing in "input" to compact.', 'input');
    request ??= summaryRequest(exchange, body);
    exchange.voice = summaryVoice(core, exchange, input);
    translate(core, exchange, request, choice, done, remedy);
  });
}
