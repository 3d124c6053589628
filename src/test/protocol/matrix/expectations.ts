/** What must arrive at an upstream and what must come back to a client, for one case in one cell. */
import type { Dialect } from '../../../proxy/dialects/canonical';
import type { ExchangeRecord } from '../../../shared/exchange';
import type { JsonObject } from '../../../shared/json';
import { DEFAULT_USAGE } from '../../support/upstream/scripted-answer';
import type { ScriptedAnswer } from '../../support/upstream/scripted-answer';
import type { Case } from './corpus';
import { lossesOf } from './losses';
import { normalAsk } from './neutral';
import type { Answer, Ask } from './neutral';

const isOpenai = (dialect: Dialect) => dialect.startsWith('openai');

/** Google's table between effort and budget: ai.google.dev/gemini-api/docs/openai#thinking */
const BUDGETS: Record<string, number> = { none: 0, low: 1024, medium: 8192, high: 24_576 };

/** The request as it must arrive, in the form to compare by. */
export function expectedAsk(given: Case, client: Dialect, upstream: Dialect): JsonObject {
  let ask: Ask = structuredClone(given.ask);
  for (const loss of lossesOf(given.features, client, upstream)) ask = loss.arrives?.(ask, upstream) ?? ask;
  const { format } = ask;
  // A schema has its own place for words about it.
  if (
    typeof format === 'object' &&
    format.description !== undefined &&
    !isOpenai(upstream) &&
    isOpenai(client)
  )
    format.schema = { ...format.schema, description: format.description };
  return comparable(ask, given, client, upstream);
}

/**
 * A request in the form to compare by, without what is no difference in meaning between these two: the name of a schema
 * where one of them has none, a file's name that nobody gave, and an effort said as a budget.
 */
export function comparable(ask: Ask, given: Case, client: Dialect, upstream: Dialect): JsonObject {
  const normal = normalAsk(ask, given.foreignIds);
  const text = JSON.stringify(normal, (key, value: unknown) => {
    if (key === 'name' && value === 'document.pdf') return undefined;
    return value;
  });
  const plain = JSON.parse(text) as JsonObject;
  if (typeof ask.format === 'object' && !(isOpenai(client) && isOpenai(upstream)))
    plain.format = { schema: ask.format.schema };
  const { thinking } = ask;
  if (thinking && upstream === 'gemini') {
    const effort = Object.keys(BUDGETS).find((name) => BUDGETS[name] === thinking.budget) ?? thinking.effort;
    plain.thinking = { effort: effort ?? String(thinking.budget) };
  }
  return plain;
}

/** How the upstream's protocol says why the answer ended. */
function heard(answer: ScriptedAnswer, upstream: Dialect): string {
  const { stop } = answer;
  if (answer.toolCalls && !stop) return 'tool-calls';
  if (stop === 'stop-sequence') return upstream === 'anthropic' ? stop : 'stop';
  if (stop === 'content-filter') return upstream === 'anthropic' ? 'refusal' : stop;
  if (stop === 'refusal') return upstream === 'gemini' ? 'content-filter' : stop;
  return stop ?? 'stop';
}

/** How the client's protocol says it. */
function told(reason: string, client: Dialect, inWords: boolean): string {
  switch (client) {
    case 'openai-chat':
      if (reason === 'refusal') return inWords ? 'stop' : 'content_filter';
      return (
        { 'tool-calls': 'tool_calls', length: 'length', 'content-filter': 'content_filter' }[reason] ?? 'stop'
      );
    case 'openai-responses':
      if (reason === 'refusal') return inWords ? 'completed' : 'incomplete: content_filter';
      if (reason === 'length') return 'incomplete: max_output_tokens';
      return reason === 'content-filter' ? 'incomplete: content_filter' : 'completed';
    case 'anthropic':
      return (
        {
          'tool-calls': 'tool_use',
          length: 'max_tokens',
          'stop-sequence': 'stop_sequence',
          'content-filter': 'refusal',
          refusal: 'refusal',
        }[reason] ?? 'end_turn'
      );
    case 'gemini':
      return { length: 'MAX_TOKENS', 'content-filter': 'SAFETY', refusal: 'SAFETY' }[reason] ?? 'STOP';
  }
}

/** The answer that the client must be told. */
export function expectedAnswer(given: Case, client: Dialect, upstream: Dialect, model: string): Answer {
  const { ask, answer } = given;
  const inWords = answer.refusal !== undefined && isOpenai(upstream);
  const asRefusal = inWords && isOpenai(client);
  const text = (answer.text ?? '') + (asRefusal ? '' : (answer.refusal ?? ''));
  const used = answer.usage ?? DEFAULT_USAGE;
  const written = upstream === 'gemini' || client === 'gemini' ? undefined : used.cacheWrite;
  const scored = ask.logprobs !== undefined && upstream !== 'anthropic' && client !== 'anthropic';
  const several = ask.n !== undefined && (upstream === 'openai-chat' || upstream === 'gemini');
  return {
    text,
    reasoning: answer.reasoning ?? '',
    refusal: asRefusal ? (answer.refusal ?? '') : '',
    calls: (answer.toolCalls ?? []).map(({ id = '', name, arguments: input, free }) => ({
      id,
      name,
      ...(free === undefined ? { input: JSON.stringify(input) } : { input: free, custom: true as const }),
    })),
    stop: told(heard(answer, upstream), client, inWords),
    ...(client === 'anthropic' &&
      upstream === 'anthropic' &&
      answer.stopSequence !== undefined && { stopSequence: answer.stopSequence }),
    usage: {
      input: used.input,
      output: used.output,
      ...(used.cached && { cached: used.cached }),
      ...(written && { cacheWrite: written }),
      ...(used.reasoning && { reasoning: used.reasoning }),
    },
    model,
    logprobs: scored
      ? (answer.logprobs ?? []).map(({ token, logprob, top }) => ({
          token,
          logprob,
          top: top.map((one) => one.token),
        }))
      : [],
    choices: [text, ...(several ? (answer.alternatives ?? []) : [])],
  };
}

/** What the record must say was used, as far as the upstream's protocol tells it. */
export function expectedUsage({ answer }: Case, upstream: Dialect): ExchangeRecord['usage'] {
  const { input, output, cached, cacheWrite, reasoning } = answer.usage ?? DEFAULT_USAGE;
  const openai = isOpenai(upstream);
  return {
    inputTokens: input,
    outputTokens: output,
    // Zero and unknown are different things: Gemini leaves out what is zero.
    ...((upstream !== 'gemini' || cached) && { cachedInputTokens: cached ?? 0 }),
    ...((upstream === 'anthropic' || (openai && cacheWrite !== undefined)) && {
      cacheWriteTokens: cacheWrite ?? 0,
    }),
    ...((openai || reasoning !== undefined) && { reasoningTokens: reasoning ?? 0 }),
  };
}
