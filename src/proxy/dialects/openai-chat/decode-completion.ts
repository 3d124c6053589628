import { isObject, type Json, type JsonObject } from '../../../shared/json';
import { NotSupportedError } from '../../errors';
import type { DecodeContext } from '../adapter';
import type { CanonicalRequest } from '../canonical';
import {
  missing,
  readBoolean,
  readCount,
  readInteger,
  readNumber,
  readObject,
  readString,
  wrongType,
  wrongValue,
} from '../openai/fields';
import { isTokenInput, tokensRefused } from './embeddings';
import { note } from './wire';

/** A text completion as a chat can give it. */
export interface CompletionRequest {
  /** One for each prompt, all alike but for their message. */
  requests: CanonicalRequest[];
  prompts: string[];
  /** The prompt shall stand before its completion. */
  echo: boolean;
}

/** What OpenAI gives to those who name no limit. */
const DEFAULT_MAX_TOKENS = 16;

const KNOWN = new Set(
  (
    'model prompt suffix max_tokens temperature top_p n stream stream_options logprobs echo stop presence_penalty ' +
    'frequency_penalty best_of logit_bias user seed'
  ).split(' '),
);

/** `prompt` as texts. */
function readPrompts(prompt: Json | undefined): string[] {
  if (prompt === undefined || prompt === null) throw missing('prompt');
  if (typeof prompt === 'string') return [prompt];
  if (!Array.isArray(prompt)) throw wrongType('prompt', 'a string or an array of strings', prompt);
  if (prompt.length === 0) throw wrongValue('prompt', [], 'arrays with at least one prompt');
  if (isTokenInput(prompt)) throw tokensRefused('prompt');
  return prompt.map((text, index) => {
    if (typeof text !== 'string') throw wrongType(`prompt[${index}]`, 'a string', text);
    return text;
  });
}

function readStop(stop: Json | undefined): string[] {
  if (stop === undefined || stop === null) return [];
  const all = Array.isArray(stop) ? stop : [stop];
  return all.map((each, index) => {
    if (typeof each !== 'string')
      throw wrongType(Array.isArray(stop) ? `stop[${index}]` : 'stop', 'a string', each);
    return each;
  });
}

/** Chat models insert nothing: they are asked for what is missing. */
function between(before: string, after: string): string {
  return (
    'Write the text that belongs between the two parts below. Answer with that text alone.\n\n' +
    `<before>\n${before}\n</before>\n\n<after>\n${after}\n</after>`
  );
}

function warnOfLosses(body: JsonObject, context: DecodeContext): void {
  const { warn } = context;
  const bestOf = readCount(body.best_of, 'best_of') ?? 1;
  if (bestOf > (readCount(body.n, 'n') ?? 1))
    warn({ type: 'dropped', field: 'best_of', message: 'Chat models choose none of several answers.' });
  for (const [field, value] of Object.entries(body)) {
    if (KNOWN.has(field) || value === undefined || value === null) continue;
    warn({ type: 'dropped', field, message: `"${field}" is known to OpenAI-like servers only.` });
  }
}

/**
 * A text completion request as chat requests, for accounts that have no text completions.
 * Reference: https://platform.openai.com/docs/api-reference/completions/create
 * @throws InvalidRequestError, NotSupportedError with the path of the bad field
 */
export function decodeCompletion(body: JsonObject, context: DecodeContext): CompletionRequest {
  const { model = '', warn } = context;
  const prompts = readPrompts(body.prompt);
  const suffix = readString(body.suffix, 'suffix') ?? '';
  if (suffix !== '')
    warn({
      type: 'approximated',
      field: 'suffix',
      message: 'The model is asked in words for the text between prompt and suffix.',
    });
  warnOfLosses(body, context);
  const logprobs = readInteger(body.logprobs, 'logprobs');
  if (logprobs !== undefined && (logprobs < 0 || logprobs > 20))
    throw new NotSupportedError("'logprobs' must be between 0 and 20.", 'logprobs');
  const stop = readStop(body.stop);
  const n = readCount(body.n, 'n');
  const options = readObject(body.stream_options, 'stream_options');
  const settings = {
    temperature: readNumber(body.temperature, 'temperature'),
    topP: readNumber(body.top_p, 'top_p'),
    seed: readInteger(body.seed, 'seed'),
    presencePenalty: readNumber(body.presence_penalty, 'presence_penalty'),
    frequencyPenalty: readNumber(body.frequency_penalty, 'frequency_penalty'),
    userId: readString(body.user, 'user'),
    streamUsage: readBoolean(options?.include_usage, 'stream_options.include_usage'),
    candidates: n === 1 ? undefined : n,
    stop: stop.length > 0 ? stop : undefined,
    logprobs: logprobs === undefined ? undefined : true,
    topLogprobs: logprobs || undefined,
  };
  const bias = readObject(body.logit_bias, 'logit_bias');
  const common = {
    model,
    stream: context.stream ?? false,
    tools: [],
    maxOutputTokens: readInteger(body.max_tokens, 'max_tokens') ?? DEFAULT_MAX_TOKENS,
    ...(Object.fromEntries(
      Object.entries(settings).filter(([, value]) => value !== undefined),
    ) as Partial<CanonicalRequest>),
    ...(isObject(bias) && Object.keys(bias).length > 0 ? note({ fields: { logit_bias: bias } }) : {}),
  };
  return {
    prompts,
    echo: readBoolean(body.echo, 'echo') ?? false,
    requests: prompts.map((prompt) => ({
      ...common,
      messages: [
        {
          role: 'user',
          content: [{ type: 'text', text: suffix === '' ? prompt : between(prompt, suffix) }],
        },
      ],
    })),
  };
}
