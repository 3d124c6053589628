/**
 * `POST /v1/responses/compact`: a long conversation becomes a short one that goes on in its place. An account that speaks
 * the Responses API does it itself; any other is asked for a summary.
 * https://platform.openai.com/docs/api-reference/responses/compact
 */
import { isObject, type Json, type JsonObject } from '../../shared/json';
import type { CanonicalRequest, CanonicalResponse } from '../dialects/canonical';
import { makeCompaction } from '../dialects/openai-responses/compaction';
import { encodeUsage } from '../dialects/openai-responses/map-usage';
import { adapterOf } from '../dialects/registry';
import { InvalidRequestError } from '../errors';
import { inputItems } from '../responses/continue-conversation';
import { chooseAccounts } from '../exchange/candidates';
import type { Core } from '../exchange/core';
import type { Exchange } from '../exchange/exchange';
import { bodyFor, parseObject, passedQuery, readTopLevel } from './model-call';
import { newId } from '../exchange/new-id';
import { passThrough } from '../exchange/pass-through';
import { readBody, requireJson } from '../exchange/read-body';
import { chooseForConversation, leansOnStored } from './response-chain';
import { Translate } from '../exchange/translate';
import { tryEach } from '../exchange/try-each';
import { translatedHeaders } from '../exchange/upstream-headers';

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

/** An answer that is a summary, given as what `compact` answers. */
class Summary extends Translate {
  input: Json[] = [];

  protected override encodeWhole(response: CanonicalResponse): JsonObject {
    const text = (response.choices[0]?.content ?? [])
      .flatMap((part) => (part.type === 'text' ? [part.text] : []))
      .join('');
    return {
      id: newId('resp_'),
      object: 'response.compaction',
      created_at: Math.floor(this.core.now() / 1000),
      output: [...userMessages(this.input), makeCompaction(text, newId('cmp_'))],
      ...(response.usage && { usage: encodeUsage(response.usage) }),
    };
  }
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
  const { incoming, choices } = leansOnStored(asked.body)
    ? chooseForConversation(core, exchange, asked)
    : { incoming: asked, choices: chooseAccounts(core, exchange, asked.model) };
  const body = parseObject(incoming.body);
  const input = inputItems(body.input);
  let request: CanonicalRequest | undefined;
  tryEach(core, exchange, choices, (choice, done) => {
    if (choice.type === 'demo') {
      throw new InvalidRequestError(
        'The demo account cannot summarise a conversation. Add an account with a key.',
      );
    }
    if (choice.endpoint.dialect === 'openai-responses') {
      const path = `/responses/compact${passedQuery(exchange.query)}`;
      const sent = bodyFor(incoming, choice.model);
      passThrough(core, exchange, choice, { method: 'POST', path, body: sent, streamed: false }, done);
      return;
    }
    if (input.length === 0) throw new InvalidRequestError('There is nothing in "input" to compact.', 'input');
    request ??= summaryRequest(exchange, body);
    const wire = adapterOf(choice.endpoint.dialect).encodeRequest(request, {
      model: choice.model,
      stream: false,
      warn: exchange.warner,
      signatures: core.signatures,
      ...(choice.endpoint.traits && { traits: choice.endpoint.traits }),
    });
    const summary = new Summary(core, exchange, choice, request, wire);
    summary.input = input;
    summary.run(
      {
        method: 'POST',
        path: wire.path,
        headers: translatedHeaders(choice, wire.headers),
        body: Buffer.from(JSON.stringify(wire.body)),
        streamed: false,
      },
      done,
    );
  });
}
