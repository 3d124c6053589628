import type { JsonObject } from '../../../shared/json';
import type { EncodeContext, WireRequest } from '../adapter';
import type { CanonicalRequest } from '../canonical';
import { limitCacheKey, limitUserId } from '../openai/limits';
import { effortOfBudget } from '../reasoning-levels';
import { mapToolNames } from '../tools/tool-names';
import { encodeFormat, withInstruction } from './encode-format';
import { encodeMessages } from './encode-messages';
import { encodeTools } from './encode-tools';
import { MAX_STOPS, requestMetadata, TOOL_NAME_LIMITS } from './wire';

function encodeReasoning(request: CanonicalRequest, fields: JsonObject, context: EncodeContext): JsonObject {
  const { reasoning } = request;
  // The client's own `reasoning` or `thinking` goes as it came.
  if (!reasoning || fields.reasoning !== undefined || fields.thinking !== undefined) return {};
  const { effort, budgetTokens, mode } = reasoning;
  const wanted = effort ?? (budgetTokens === undefined ? undefined : effortOfBudget(budgetTokens));
  if (mode === 'off') {
    // "none" is refused by most models, and a model without reasoning needs no word.
    context.warn({
      type: 'dropped',
      field: 'reasoning',
      message: 'Switching reasoning off has no common word among OpenAI-like servers.',
    });
    return {};
  }
  if (wanted === undefined) return {};
  if (context.traits?.reasoningEffort === false) {
    context.warn({
      type: 'dropped',
      field: 'reasoning',
      message: 'This provider does not take reasoning_effort.',
    });
    return {};
  }
  if (effort === undefined) {
    context.warn({
      type: 'approximated',
      field: 'reasoning',
      message: `A budget of ${budgetTokens} tokens is asked for as "${wanted}".`,
    });
  }
  return { reasoning_effort: wanted };
}

function encodeSampling(request: CanonicalRequest, fields: JsonObject, context: EncodeContext): JsonObject {
  const { stop, topK } = request;
  if (topK !== undefined && fields.top_k === undefined) {
    context.warn({ type: 'dropped', field: 'top_k', message: 'Chat completions have no top_k.' });
  }
  if (stop && stop.length > MAX_STOPS) {
    context.warn({
      type: 'dropped',
      field: 'stop',
      message: `Only the first ${MAX_STOPS} stop sequences are sent.`,
    });
  }
  const named: JsonObject = {
    temperature: request.temperature,
    top_p: request.topP,
    stop: stop?.slice(0, MAX_STOPS),
    seed: request.seed,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    n: request.candidates === 1 ? undefined : request.candidates,
    logprobs: request.logprobs,
    top_logprobs: request.topLogprobs,
    user: request.userId === fields.safety_identifier ? undefined : limitUserId(request.userId, context.warn),
    prompt_cache_key: limitCacheKey(request.promptCacheKey),
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

/**
 * The request for a server that speaks chat completions.
 * Reference: https://platform.openai.com/docs/api-reference/chat/create
 * @throws NotSupportedError when the client insists on a tool that only another provider runs
 */
export function encodeRequest(request: CanonicalRequest, context: EncodeContext): WireRequest {
  const { fields = {}, maxTokensField } = requestMetadata(request.metadata);
  const callNames = request.messages.flatMap((message) =>
    message.role === 'assistant'
      ? message.content.flatMap((part) => (part.type === 'tool-call' ? [part.name] : []))
      : [],
  );
  const ownNames = request.tools.flatMap((tool) => (tool.type === 'built-in' ? [] : [tool.name]));
  const names = mapToolNames([...ownNames, ...callNames], TOOL_NAME_LIMITS);
  const limitField = context.traits?.maxTokensField ?? maxTokensField ?? 'max_tokens';
  const custom = context.traits?.customTools ? [] : request.tools.filter((tool) => tool.type === 'custom');
  const format = encodeFormat(request.responseFormat, request.messages, context.warn);
  const body: JsonObject = {
    ...fields,
    model: context.model,
    messages: encodeMessages(withInstruction(request.messages, format.instruction), context, names.toWire),
    ...(context.stream && { stream: true, stream_options: { include_usage: true } }),
    ...encodeTools(request, context, names.toWire),
    ...(request.maxOutputTokens !== undefined && { [limitField]: Math.floor(request.maxOutputTokens) }),
    ...encodeSampling(request, fields, context),
    ...format.fields,
    ...encodeReasoning(request, fields, context),
  };
  return {
    path: '/chat/completions',
    body,
    restoreToolName: names.restore,
    ...(custom.length > 0 && { customToolNames: new Set(custom.map((tool) => tool.name)) }),
  };
}
