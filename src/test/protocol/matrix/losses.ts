/**
 * What may be lost between two protocols, and must then be warned about. A loss stands here only where the target protocol
 * has no place for the thing (its API reference is named); everything else must arrive.
 */
import type { Dialect, Warning } from '../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../shared/json';
import type { Ask, Part, Turn } from './neutral';

/** What a conversation uses of what not every protocol has. */
export type Feature =
  | 'system in the middle'
  | 'developer message'
  | 'blank text'
  | 'image by URL'
  | 'image detail'
  | 'file in a tool result'
  | 'file name'
  | 'file without a name'
  | 'audio'
  | 'failed tool'
  | 'one call at a time'
  | 'strict tool'
  | 'free-text tool'
  | 'some of the tools'
  | 'web search'
  | 'refusal in history'
  | 'no output limit'
  | 'stop sequences'
  | 'more than five stop sequences'
  | 'temperature above 1'
  | 'top_k'
  | 'seed'
  | 'penalties'
  | 'several answers'
  | 'log probabilities'
  | 'JSON without a schema'
  | 'JSON without the word'
  | 'thinking budget'
  | 'no thinking'
  | 'user id'
  | 'cache key'
  | 'cache markers'
  | 'field of its own';

const ALL: Dialect[] = ['openai-chat', 'openai-responses', 'anthropic', 'gemini'];
const except = (...these: Dialect[]) => ALL.filter((one) => !these.includes(one));

/** Clients whose protocol has no way to say it: no such request exists. */
export const CANNOT_SAY: Partial<Record<Feature, Dialect[]>> = {
  'system in the middle': ['gemini'],
  'developer message': ['anthropic', 'gemini'],
  'image detail': ['anthropic', 'gemini'],
  'file in a tool result': ['openai-chat'],
  'file name': ['gemini'],
  'file without a name': ['openai-chat', 'openai-responses'],
  audio: ['openai-responses', 'anthropic'],
  'failed tool': ['openai-chat', 'openai-responses'],
  'one call at a time': ['gemini'],
  'strict tool': ['gemini'],
  'free-text tool': ['anthropic', 'gemini'],
  'some of the tools': ['anthropic'],
  'web search': ['openai-chat'],
  'refusal in history': ['anthropic', 'gemini'],
  'no output limit': ['anthropic'],
  'stop sequences': ['openai-responses'],
  'more than five stop sequences': except('anthropic'),
  'temperature above 1': ['anthropic'],
  top_k: ['openai-chat', 'openai-responses'],
  seed: ['openai-responses', 'anthropic'],
  penalties: ['openai-responses', 'anthropic'],
  'several answers': ['openai-responses', 'anthropic'],
  'log probabilities': ['anthropic'],
  'JSON without a schema': ['anthropic'],
  // OpenAI refuses such requests.
  'JSON without the word': ['openai-chat', 'openai-responses', 'anthropic'],
  'thinking budget': ['openai-chat', 'openai-responses'],
  'user id': ['gemini'],
  'cache key': ['anthropic', 'gemini'],
  'cache markers': except('anthropic'),
};

/** A field that exists in one protocol only. */
export const OWN_FIELDS: Record<Dialect, JsonObject> = {
  'openai-chat': { logit_bias: { '50256': -100 } },
  'openai-responses': { truncation: 'auto' },
  anthropic: { container: 'container_1' },
  gemini: { safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }] },
};

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

const without =
  (...names: (keyof Ask)[]) =>
  (ask: Ask): Ask =>
    Object.fromEntries(
      Object.entries(ask).filter(([name]) => !names.includes(name as keyof Ask)),
    ) as unknown as Ask;

const eachTurn = (ask: Ask, change: (turn: Turn, index: number) => Turn[]): Ask => ({
  ...ask,
  turns: ask.turns.flatMap(change),
});

const eachPart = (ask: Ask, change: (part: Part) => Part[]): Ask =>
  eachTurn(ask, (turn) => [turn.role === 'user' ? { ...turn, parts: turn.parts.flatMap(change) } : turn]);

const inWords = (ask: Ask): Ask => ({
  ...ask,
  turns: [{ role: 'system', texts: ['Answer with one JSON object and nothing else.'] }, ...ask.turns],
});

/** The table. */
export const LOSSES: Loss[] = [
  {
    // Models before Claude Opus 4.8 refuse role "system" in messages; Gemini has one systemInstruction.
    feature: 'system in the middle',
    upstreams: ['anthropic', 'gemini'],
    type: 'changed',
    field: /^messages\[\d+\]$/,
    what: 'a system message in the middle of the conversation becomes text of the user',
    arrives: (ask, upstream) =>
      eachTurn(ask, (turn, index) => {
        if (turn.role !== 'system' || ask.turns.slice(0, index).every((one) => one.role === 'system'))
          return [turn];
        const text = turn.texts.join('\n\n');
        return [
          {
            role: 'user',
            parts: [{ type: 'text', text: upstream === 'gemini' ? text : `<system>\n${text}\n</system>` }],
          },
        ];
      }),
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
    // Tool messages hold text only: platform.openai.com/docs/api-reference/chat/create#chat-create-messages
    feature: 'file in a tool result',
    upstreams: ['openai-chat'],
    type: 'changed',
    field: /^messages\[\d+\]$/,
    count: 'each',
    what: 'files in a tool result follow it in a message of the user',
    arrives: (ask) => {
      const names = new Map(
        ask.turns.flatMap((turn) =>
          turn.role === 'assistant' ? (turn.calls ?? []).map((call) => [call.id, call.name] as const) : [],
        ),
      );
      return eachTurn(ask, (turn) => {
        if (turn.role !== 'tool') return [turn];
        const moved: Part[] = [];
        const results = turn.results.map((result) => {
          const files = result.parts.filter((part) => part.type !== 'text');
          if (files.length === 0) return result;
          const label = `[Files of the result of the tool call ${result.id} (${names.get(result.id)})]`;
          moved.push({ type: 'text', text: label }, ...files);
          const notice = `[${files.length} file(s) of this result follow in the next user message.]`;
          return {
            ...result,
            parts: [
              ...result.parts.filter((part) => part.type === 'text'),
              { type: 'text' as const, text: notice },
            ],
          };
        });
        return [
          { role: 'tool', results },
          ...(moved.length > 0 ? [{ role: 'user' as const, parts: moved }] : []),
        ];
      });
    },
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
    upstreams: ['anthropic'],
    type: 'refused',
    field: /audio/,
    what: 'audio is refused with an error',
  },
  {
    feature: 'audio',
    upstreams: ['openai-responses'],
    type: 'dropped',
    field: /^messages\[\d+\]/,
    what: 'audio is left out',
    arrives: (ask) => eachPart(ask, (part) => (part.type === 'audio' ? [] : [part])),
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
    arrives: (ask) => ({
      ...ask,
      tools: (ask.tools ?? []).map(({ custom, ...tool }) =>
        custom
          ? {
              ...tool,
              ...(custom.grammar && {
                description: `${tool.description}\n\nThe input must follow this lark grammar:\n${custom.grammar}`,
              }),
              parameters: {
                type: 'object',
                properties: {
                  input: { type: 'string', description: 'The whole input of the tool, as plain text.' },
                },
                required: ['input'],
                additionalProperties: false,
              },
            }
          : tool,
      ),
      turns: ask.turns.map((turn) =>
        turn.role === 'assistant'
          ? {
              ...turn,
              calls: (turn.calls ?? []).map(({ custom, ...call }) =>
                custom ? { ...call, input: JSON.stringify({ input: call.input }) } : call,
              ),
            }
          : turn,
      ),
    }),
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

/** Whether the client's protocol can say all of it. */
export function canSay(features: Feature[], client: Dialect): boolean {
  return features.every((feature) => !CANNOT_SAY[feature]?.includes(client));
}
