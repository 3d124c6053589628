import { checkModel } from '../access/check-model';
import type { CanonicalResponse } from '../dialects/canonical';
import {
  decodeTranscription,
  onlyOpenai,
  transcriptionVoice,
  transcriptOf,
  type TranscriptionRequest,
} from '../dialects/openai-chat/transcription';
import { upstreamAdapterOf } from '../dialects/registry';
import { askJson } from '../exchange/ask-json';
import type { Done, Target } from '../exchange/attempts/attempt';
import { capableAccounts, takeTarget, type Wish } from '../exchange/attempts/capable-accounts';
import type { Core } from '../exchange/core';
import type { Exchange } from '../exchange/exchange';
import { passedQuery, translate } from './model-call';
import { newId } from '../exchange/new-id';
import { passThrough } from '../exchange/pass-through';
import { decodeForm, formFor, readForm } from '../exchange/read-form';
import { replyContext } from '../exchange/translate';
import { tryEach } from '../exchange/attempts/try-each';

const TRANSCRIPTIONS: Wish = {
  kind: 'transcription',
  what: 'transcriptions',
  dialects: ['openai-chat', 'gemini'],
  byChat: 'gemini',
};

/** `POST /v1/audio/transcriptions`: passed on to OpenAI-like accounts; Gemini's models are asked to transcribe. */
export async function serveTranscriptions(core: Core, exchange: Exchange): Promise<void> {
  const incoming = await readForm(core, exchange);
  exchange.modelAsked = incoming.model;
  checkModel(exchange, incoming.model);
  exchange.voice = transcriptionVoice;
  const format = incoming.parts.find(({ name }) => name === 'response_format');
  const because = onlyOpenai(format && incoming.body.toString('utf8', format.start, format.end).trim());
  const wish: Wish = because ? { ...TRANSCRIPTIONS, dialects: ['openai-chat'], because } : TRANSCRIPTIONS;
  let decoded: TranscriptionRequest | undefined;
  tryEach(core, exchange, capableAccounts(core, exchange, incoming.model, wish), (choice, done) => {
    const target = takeTarget(core, exchange, choice);
    if (target.endpoint.dialect === exchange.dialect) {
      const call = {
        method: 'POST' as const,
        path: `/audio/transcriptions${passedQuery(exchange.query)}`,
        body: formFor(incoming, target.model),
        streamed: incoming.stream,
      };
      passThrough(core, exchange, target, call, done);
      return;
    }
    decoded ??= decodeTranscription(decodeForm(incoming), {
      ...(incoming.model !== undefined && { model: incoming.model }),
      stream: incoming.stream,
      warn: exchange.warner,
    });
    if (incoming.stream) translate(core, exchange, decoded.request, target, done);
    else transcribe(core, exchange, decoded, target, done);
  });
}

function transcribe(
  core: Core,
  exchange: Exchange,
  { request, format }: TranscriptionRequest,
  target: Target,
  done: Done,
): void {
  const { endpoint, model } = target;
  const upstream = upstreamAdapterOf(endpoint.dialect);
  const context = { warn: exchange.warner, signatures: core.signatures };
  const wire = upstream.encodeRequest(request, {
    ...context,
    model,
    stream: false,
    ...(endpoint.traits && { traits: endpoint.traits }),
  });
  askJson(
    core,
    exchange,
    target,
    [wire],
    (answers) => {
      const response = upstream.decodeResponse(answers[0] ?? {}, { ...wire, ...context, newId });
      if (response.usage) exchange.usage = response.usage;
      exchange.firstByte();
      if (format === 'text') answerText(exchange, response, target);
      else
        exchange.json(
          200,
          transcriptionVoice.encodeResponse(response, replyContext(core, exchange, request)),
          target.served,
        );
    },
    done,
  );
}

/** `response_format=text`: the transcript and a line end, as OpenAI sends it. */
function answerText(exchange: Exchange, response: CanonicalResponse, target: Target): void {
  const bytes = Buffer.from(`${transcriptOf(response)}\n`);
  exchange.head(200, [
    'content-type',
    'text/plain; charset=utf-8',
    'content-length',
    String(bytes.length),
    ...target.served,
  ]);
  exchange.outgoing.end(bytes);
}
