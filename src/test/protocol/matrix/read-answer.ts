/** What a client was told, read from the body of an answer. Streams are put together first (fold-stream.ts). */
import type { Dialect } from '../../../proxy/dialects/canonical';
import { isObject } from '../../../shared/json';
import type { Json, JsonObject } from '../../../shared/json';
import { readUsageTotals } from '../../support/read-body';
import { member, textMember } from '../../support/stream-reading';
import { objects, present } from './neutral';
import type { Answer, Call } from './neutral';

/** The answer in a whole body. */
export function readAnswer(client: Dialect, body: JsonObject): Answer {
  switch (client) {
    case 'openai-chat':
      return readChat(body);
    case 'openai-responses':
      return readResponses(body);
    case 'anthropic':
      return readAnthropic(body);
    case 'gemini':
      return readGemini(body);
  }
}

const count = (value: Json | undefined) => (typeof value === 'number' && value > 0 ? value : undefined);

function readOpenaiLogprobs(content: Json | undefined): Answer['logprobs'] {
  return objects(content).map((one) => ({
    token: textMember(one, 'token'),
    logprob: Number(one.logprob),
    top: objects(one.top_logprobs).map((top) => textMember(top, 'token')),
  }));
}

function readChat(body: JsonObject): Answer {
  const choices = objects(body.choices);
  const [choice = {}] = choices;
  const message = member(choice, 'message');
  const usage = member(body, 'usage');
  const input = member(usage, 'prompt_tokens_details');
  const output = member(usage, 'completion_tokens_details');
  return {
    text: textMember(message, 'content'),
    reasoning: textMember(message, 'reasoning_content'),
    refusal: textMember(message, 'refusal'),
    calls: objects(message.tool_calls).map((call): Call => {
      const custom = call.type === 'custom';
      const words = member(call, custom ? 'custom' : 'function');
      return {
        id: textMember(call, 'id'),
        name: textMember(words, 'name'),
        input: textMember(words, custom ? 'input' : 'arguments'),
        ...(custom && { custom }),
      };
    }),
    stop: textMember(choice, 'finish_reason'),
    usage: present({
      ...readUsageTotals('openai-chat', usage),
      cached: count(input.cached_tokens),
      cacheWrite: count(input.cache_write_tokens),
      reasoning: count(output.reasoning_tokens),
    }),
    model: textMember(body, 'model'),
    logprobs: readOpenaiLogprobs(member(choice, 'logprobs').content),
    choices: choices.map((one) => textMember(member(one, 'message'), 'content')),
  };
}

function readResponses(body: JsonObject): Answer {
  const items = objects(body.output);
  const parts = items.filter((item) => item.type === 'message').flatMap((item) => objects(item.content));
  const said = parts.map((part) => textMember(part, 'text')).join('');
  const usage = member(body, 'usage');
  const input = member(usage, 'input_tokens_details');
  const output = member(usage, 'output_tokens_details');
  const reason = textMember(member(body, 'incomplete_details'), 'reason');
  return {
    text: said,
    reasoning: items
      .filter((item) => item.type === 'reasoning')
      .flatMap((item) => [
        ...objects(item.summary),
        ...(objects(item.summary).length ? [] : objects(item.content)),
      ])
      .map((one) => textMember(one, 'text'))
      .join(''),
    refusal: parts.map((part) => textMember(part, 'refusal')).join(''),
    calls: items
      .filter((item) => item.type === 'function_call' || item.type === 'custom_tool_call')
      .map((item): Call => {
        const custom = item.type === 'custom_tool_call';
        return {
          id: textMember(item, 'call_id'),
          name: textMember(item, 'name'),
          input: textMember(item, custom ? 'input' : 'arguments'),
          ...(custom && { custom }),
        };
      }),
    stop: textMember(body, 'status') + (reason && `: ${reason}`),
    usage: present({
      ...readUsageTotals('openai-responses', usage),
      cached: count(input.cached_tokens),
      cacheWrite: count(input.cache_write_tokens),
      reasoning: count(output.reasoning_tokens),
    }),
    model: textMember(body, 'model'),
    logprobs: readOpenaiLogprobs(parts.find((part) => part.type === 'output_text')?.logprobs),
    choices: [said],
  };
}

function readAnthropic(body: JsonObject): Answer {
  const blocks = objects(body.content);
  const join = (field: string) => blocks.map((block) => textMember(block, field)).join('');
  const usage = member(body, 'usage');
  return present({
    text: join('text'),
    reasoning: join('thinking'),
    refusal: '',
    calls: blocks
      .filter((block) => block.type === 'tool_use')
      .map((block) => ({
        id: textMember(block, 'id'),
        name: textMember(block, 'name'),
        input: JSON.stringify(block.input),
      })),
    stop: textMember(body, 'stop_reason'),
    stopSequence: typeof body.stop_sequence === 'string' ? body.stop_sequence : undefined,
    usage: present({
      ...readUsageTotals('anthropic', usage),
      cached: count(usage.cache_read_input_tokens),
      cacheWrite: count(usage.cache_creation_input_tokens),
      reasoning: count(member(usage, 'output_tokens_details').thinking_tokens),
    }),
    model: textMember(body, 'model'),
    logprobs: [],
    choices: [join('text')],
  });
}

function readGemini(body: JsonObject): Answer {
  const candidates = objects(body.candidates);
  const partsOf = (candidate: JsonObject) => objects(member(candidate, 'content').parts);
  const say = (candidate: JsonObject, thought: boolean) =>
    partsOf(candidate)
      .map((part) => ((part.thought === true) === thought ? textMember(part, 'text') : ''))
      .join('');
  const [candidate = {}] = candidates;
  const usage = member(body, 'usageMetadata');
  const result = member(candidate, 'logprobsResult');
  const top = objects(result.topCandidates);
  return {
    text: say(candidate, false),
    reasoning: say(candidate, true),
    refusal: '',
    calls: partsOf(candidate)
      .filter((part) => isObject(part.functionCall))
      .map((part) => member(part, 'functionCall'))
      .map((call) => ({
        id: textMember(call, 'id'),
        name: textMember(call, 'name'),
        input: JSON.stringify(call.args ?? {}),
      })),
    stop: textMember(candidate, 'finishReason'),
    usage: present<Answer['usage']>({
      ...readUsageTotals('gemini', usage),
      cached: count(usage.cachedContentTokenCount),
      reasoning: count(usage.thoughtsTokenCount),
    }),
    model: textMember(body, 'modelVersion'),
    logprobs: objects(result.chosenCandidates).map((one, at) => ({
      token: textMember(one, 'token'),
      logprob: Number(one.logProbability),
      top: objects(top[at]?.candidates).map((other) => textMember(other, 'token')),
    })),
    choices: candidates.map((one) => say(one, false)),
  };
}
