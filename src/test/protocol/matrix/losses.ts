/**
 * What may be lost between two protocols, and must then be warned about. A loss stands here only where the target protocol
 * has no place for the thing (its API reference is named); everything else must arrive.
 */
import type { Dialect, Warning } from '../../../proxy/dialects/canonical';
import {
  asUser,
  eachPart,
  eachTurn,
  filesBehindResults,
  freeTextAsFunction,
  inWords,
  lateSystemAsUser,
  linksBehindResults,
  PLACEHOLDER,
  without,
} from './change-ask';
import { ALL } from './features';
import type { Feature } from './features';
import type { Ask } from './neutral';

export interface Loss {
  feature: Feature;
  upstreams: Dialect[];
  /** From these clients only; from all when absent. */
  clients?: Dialect[];
  /** `refused`: the client gets an error that says so. */
  type: Warning['type'] | 'refused';
  /** The field that the warning names. */
  field: RegExp;
  /** Warnings of this loss in one request, or one for each place; 1 when absent. */
  count?: number | 'each';
  /** In one line, for people. */
  what: string;
  /** What arrives instead; the request as it was, when absent. */
  arrives?: (ask: Ask, upstream: Dialect) => Ask;
}

/** The table. */
export const LOSSES: Loss[] = [
  {
    // Models before Claude Opus 4.8 refuse role "system" in messages; Gemini has one systemInstruction.
    feature: 'system in the middle',
    upstreams: ['anthropic', 'gemini'],
    type: 'changed',
    field: /^messages\[\d+\]$/,
    what: 'a system message in the middle of the conversation becomes text of the user',
    arrives: lateSystemAsUser,
  },
  {
    // "messages: text content blocks must contain non-whitespace text"
    feature: 'blank text',
    upstreams: ['anthropic'],
    type: 'dropped',
    field: /^messages\[\d+\]/,
    what: 'text of nothing but white space is left out',
    arrives: (ask) =>
      eachPart(ask, (part) => (part.type === 'text' && part.text.trim() === '' ? [] : [part])),
  },
  {
    // "messages: at least one message is required": platform.claude.com/docs/en/api/messages
    feature: 'no word of the user',
    upstreams: ['anthropic'],
    type: 'changed',
    field: /^messages$/,
    what: 'a conversation without a word of the user gets a placeholder for it',
    arrives: (ask) => ({ ...ask, turns: [...ask.turns, PLACEHOLDER] }),
  },
  {
    // "contents is not specified": ai.google.dev/api/generate-content
    feature: 'no word of the user',
    upstreams: ['gemini'],
    type: 'changed',
    field: /^messages/,
    what: 'a system prompt without a word of the user becomes one',
    arrives: (ask) =>
      eachTurn(ask, (turn) => [turn.role === 'system' ? asUser(turn.texts.join('\n\n')) : turn]),
  },
  {
    // Claude refuses it from 4.6 on: platform.claude.com/docs/en/about-claude/models/whats-new-claude-4-6
    feature: 'answer to be continued',
    upstreams: ['anthropic'],
    type: 'changed',
    field: /^messages$/,
    what: 'a last message of the assistant is answered with a placeholder, because newer models continue none',
    arrives: (ask) => ({ ...ask, turns: [...ask.turns, PLACEHOLDER] }),
  },
  {
    feature: 'image by URL',
    upstreams: ['gemini'],
    type: 'changed',
    field: /^messages\[\d+\]/,
    what: 'an image by URL is for Gemini to fetch, which older models do not',
  },
  {
    feature: 'image detail',
    upstreams: ['anthropic', 'gemini'],
    type: 'dropped',
    field: /detail$/,
    what: 'the detail of an image is for the model to choose',
    arrives: (ask) =>
      eachPart(ask, (part) => {
        if (part.type !== 'image') return [part];
        const { detail: _detail, ...rest } = part;
        return [rest];
      }),
  },
  {
    // Parts of a function response hold bytes only: ai.google.dev/api/caching#FunctionResponsePart
    feature: 'image by URL in a tool result',
    upstreams: ['gemini'],
    type: 'changed',
    field: /^messages\[\d+\]/,
    what: 'an image by URL in a tool result follows it, for Gemini to fetch',
    arrives: linksBehindResults,
  },
  {
    // Tool messages hold text only: platform.openai.com/docs/api-reference/chat/create#chat-create-messages
    feature: 'file in a tool result',
    upstreams: ['openai-chat'],
    type: 'changed',
    field: /^messages\[\d+\]$/,
    count: 'each',
    what: 'files in a tool result follow it in a message of the user',
    arrives: filesBehindResults,
  },
  {
    // inlineData has a mime type and data; displayName is Vertex AI's: ai.google.dev/api/caching#Blob
    feature: 'file name',
    upstreams: ['gemini'],
    type: 'dropped',
    field: /filename$/,
    what: 'the name of a file',
    arrives: (ask) =>
      eachPart(ask, (part) => {
        if (part.type !== 'pdf') return [part];
        const { name: _name, ...rest } = part;
        return [rest];
      }),
  },
  {
    feature: 'audio',
    upstreams: ['anthropic', 'openai-responses'],
    type: 'refused',
    field: /audio/,
    what: 'audio is refused with an error',
  },
  {
    feature: 'failed tool',
    upstreams: ['openai-chat', 'openai-responses'],
    type: 'dropped',
    field: /^messages/,
    what: 'the mark of a tool result as failed (its text stays)',
    arrives: (ask) =>
      eachTurn(ask, (turn) => [
        turn.role === 'tool'
          ? { ...turn, results: turn.results.map(({ id, parts }) => ({ id, parts })) }
          : turn,
      ]),
  },
  {
    feature: 'one call at a time',
    upstreams: ['gemini'],
    type: 'dropped',
    field: /^parallel_tool_calls$/,
    what: 'the wish for one tool call at a time',
    arrives: without('parallel'),
  },
  {
    feature: 'strict tool',
    upstreams: ['gemini'],
    type: 'dropped',
    field: /strict$/,
    what: 'strict arguments of a tool',
    arrives: (ask) => ({
      ...ask,
      ...(ask.tools && { tools: ask.tools.map(({ strict: _strict, ...tool }) => tool) }),
    }),
  },
  {
    feature: 'free-text tool',
    upstreams: ['openai-chat', 'anthropic', 'gemini'],
    type: 'changed',
    field: /^tools\[\d+\]$/,
    what: 'a free-text tool becomes a function with one string, its grammar a description',
    arrives: freeTextAsFunction,
  },
  {
    // Servers that speak chat completions run no search, but for some with fields of their own.
    feature: 'web search',
    upstreams: ['openai-chat'],
    type: 'dropped',
    field: /^tools\[\d+\]$/,
    what: 'web search by the provider',
    arrives: without('webSearch'),
  },
  {
    // `allowed_tools` is OpenAI's own among the servers that speak chat completions; Anthropic has no such choice.
    feature: 'some of the tools',
    upstreams: ['openai-chat', 'anthropic'],
    type: 'changed',
    field: /^tool_choice$/,
    what: 'where only some tools may be called, only those are offered',
    arrives: (ask) => ({
      ...ask,
      choice: 'required',
      tools: (ask.tools ?? []).filter(
        ({ name }) =>
          typeof ask.choice === 'object' && 'some' in ask.choice && ask.choice.some.includes(name),
      ),
    }),
  },
  {
    feature: 'stop sequences',
    upstreams: ['openai-responses'],
    type: 'dropped',
    field: /^stop$/,
    what: 'stop sequences',
    arrives: without('stop'),
  },
  {
    feature: 'more than five stop sequences',
    upstreams: ['openai-chat', 'gemini'],
    type: 'dropped',
    field: /^stop/,
    what: 'stop sequences beyond the fourth (OpenAI chat) or fifth (Gemini)',
    arrives: (ask, upstream) => ({ ...ask, stop: (ask.stop ?? []).slice(0, upstream === 'gemini' ? 5 : 4) }),
  },
  {
    feature: 'temperature above 1',
    upstreams: ['anthropic'],
    type: 'approximated',
    field: /^temperature$/,
    what: 'a temperature above 1 becomes 1',
    arrives: (ask) => ({ ...ask, temperature: 1 }),
  },
  {
    feature: 'top_k',
    upstreams: ['openai-chat', 'openai-responses'],
    type: 'dropped',
    field: /^top_k$/,
    what: 'top_k',
    arrives: without('topK'),
  },
  {
    feature: 'seed',
    upstreams: ['openai-responses', 'anthropic'],
    type: 'dropped',
    field: /^seed$/,
    what: 'seed',
    arrives: without('seed'),
  },
  {
    feature: 'penalties',
    upstreams: ['openai-responses', 'anthropic'],
    type: 'dropped',
    field: /^(presence|frequency)_penalty$/,
    count: 2,
    what: 'presence and frequency penalty',
    arrives: without('presencePenalty', 'frequencyPenalty'),
  },
  {
    feature: 'several answers',
    upstreams: ['openai-responses', 'anthropic'],
    type: 'dropped',
    field: /^n$/,
    what: 'answers beyond the first',
    arrives: without('n'),
  },
  {
    feature: 'log probabilities',
    upstreams: ['anthropic'],
    type: 'dropped',
    field: /^logprobs$/,
    what: 'log probabilities',
    arrives: without('logprobs'),
  },
  {
    feature: 'JSON without a schema',
    upstreams: ['anthropic'],
    type: 'approximated',
    field: /^response_format$/,
    what: 'JSON without a schema is asked for in words',
    arrives: (ask) => without('format')(inWords(ask)),
  },
  {
    // "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
    feature: 'JSON without the word',
    upstreams: ['openai-chat', 'openai-responses'],
    type: 'changed',
    field: /^response_format$/,
    what: 'JSON without a schema is asked for in words as well, where the conversation does not speak of it',
    arrives: (ask) => inWords(ask),
  },
  {
    // Gemini 3 takes a level: ai.google.dev/gemini-api/docs/thinking#thinking-levels
    feature: 'thinking budget',
    upstreams: ['openai-chat', 'openai-responses', 'gemini'],
    type: 'approximated',
    field: /^reasoning/,
    what: 'a budget of thinking tokens becomes the nearest effort or level',
    arrives: (ask) => ({ ...ask, thinking: { effort: 'medium' } }),
  },
  {
    // Gemini 3 cannot stop thinking: ai.google.dev/gemini-api/docs/thinking#thinking-levels
    feature: 'no thinking',
    upstreams: ['gemini'],
    type: 'approximated',
    field: /^reasoning/,
    what: 'no thinking becomes as little as the model can',
    arrives: (ask) => ({ ...ask, thinking: { effort: 'minimal' } }),
  },
  {
    // Effort "none" is known to few models and refused by the others.
    feature: 'no thinking',
    upstreams: ['openai-chat', 'openai-responses'],
    clients: ['anthropic', 'gemini'],
    type: 'dropped',
    field: /^reasoning/,
    what: 'the wish for no thinking',
    arrives: without('thinking'),
  },
  {
    feature: 'user id',
    upstreams: ['gemini'],
    type: 'dropped',
    field: /^user$/,
    what: 'the end user’s id',
    arrives: without('userId'),
  },
  {
    feature: 'cache key',
    upstreams: ['anthropic', 'gemini'],
    type: 'dropped',
    field: /^prompt_cache_key$/,
    what: 'the prompt cache key',
    arrives: without('cacheKey'),
  },
  {
    feature: 'field of its own',
    upstreams: ALL,
    type: 'dropped',
    field: /^(logit_bias|truncation|container|safetySettings)$/,
    what: 'fields that one protocol alone has',
  },
];

/** The losses that a conversation with these features has between these two. */
export function lossesOf(features: Feature[], client: Dialect, upstream: Dialect): Loss[] {
  if (client === upstream) return [];
  return LOSSES.filter(
    (loss) =>
      features.includes(loss.feature) &&
      loss.upstreams.includes(upstream) &&
      (loss.clients?.includes(client) ?? true),
  );
}
