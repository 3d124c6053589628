import { isObject, type JsonObject } from '../../../shared/json';
import type { EncodeContext, Warn, WireRequest } from '../adapter';
import type { CanonicalRequest } from '../canonical';
import { abilitiesOf } from '../claude/model-abilities';
import { createCachePoints, limitCachePoints } from './cache-points';
import { encodeFormat } from './encode-format';
import { encodeMessages, endConversation } from './encode-messages';
import { encodeSettings } from './encode-settings';
import { encodeTools, mapRequestToolNames } from './encode-tools';
import { loopLacksReasoning } from './reasoning';
import { readModelName } from './vendor';

/** Where Claude says which stop sequence it met, in a whole answer and in a stream. */
const STOP_SEQUENCE_PATHS = ['/stop_sequence', '/delta/stop_sequence'];

/** The path of an operation on a model; ARNs have slashes and colons of their own. */
export function modelPath(model: string, operation: string): string {
  return `/model/${encodeURIComponent(model)}/${operation}`;
}

/**
 * The request to `POST /model/{modelId}/converse` or `/converse-stream`. Throws `NotSupportedError` for content that the API
 * has no block for, and `InvalidRequestError` for a conversation without content.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
 */
export function encodeRequest(request: CanonicalRequest, context: EncodeContext): WireRequest {
  const { model, warn } = context;
  const claude = readModelName(model).vendor === 'anthropic';
  const names = mapRequestToolNames(request);
  const { system, turns } = encodeMessages(request, names, context);
  const tools = encodeTools(request, names, createCachePoints(model, warn), warn);
  const choice = isObject(tools?.['toolChoice']) ? tools['toolChoice'] : undefined;
  const { config, instruction } = encodeFormat(request.responseFormat, context);
  if (instruction) system.push(instruction);
  const toMessages = () => turns.map(({ role, content }): JsonObject => ({ role, content }));
  const { inference, fields, thinks } = encodeSettings(
    request,
    context,
    () => loopLacksReasoning(toMessages()),
    choice,
  );
  if (tools && request.parallelToolCalls === false) forbidParallelCalls(claude, tools, fields, warn);
  endConversation(turns, claude && abilitiesOf(model).prefill && !thinks, context);
  warnUnsupported(request, tools !== undefined, warn);
  const custom = request.tools.flatMap((tool) => (tool.type === 'custom' ? [tool.name] : []));
  const body: JsonObject = {
    ...(system.length > 0 && { system }),
    messages: toMessages(),
    ...(tools && { toolConfig: tools }),
    ...(Object.keys(inference).length > 0 && { inferenceConfig: inference }),
    ...(Object.keys(fields).length > 0 && { additionalModelRequestFields: fields }),
    ...(claude &&
      inference['stopSequences'] !== undefined && { additionalModelResponseFieldPaths: STOP_SEQUENCE_PATHS }),
    ...(config && { outputConfig: config }),
  };
  limitCachePoints(body, warn);
  return {
    path: modelPath(model, context.stream ? 'converse-stream' : 'converse'),
    body,
    restoreToolName: (name) => names.restore(name),
    ...(custom.length > 0 && { customToolNames: new Set(custom) }),
  };
}

/** Claude has a word for it in its own choice, which then stands for the other: "tool_choice/type conflicts with …". */
function forbidParallelCalls(claude: boolean, tools: JsonObject, fields: JsonObject, warn: Warn): void {
  if (!claude) {
    warn({
      type: 'dropped',
      field: 'parallel_tool_calls',
      message: 'This model cannot be told over Amazon Bedrock to make one call at a time.',
    });
    return;
  }
  const { toolChoice } = tools;
  delete tools['toolChoice'];
  const named = isObject(toolChoice) && isObject(toolChoice['tool']) ? toolChoice['tool']['name'] : undefined;
  const type = named !== undefined ? 'tool' : toolChoice === undefined ? 'auto' : 'any';
  fields['tool_choice'] = {
    type,
    ...(named !== undefined && { name: named }),
    disable_parallel_tool_use: true,
  };
}

/** What the API has no field for; one warning each. */
function warnUnsupported(request: CanonicalRequest, hasTools: boolean, warn: Warn): void {
  const lost: [field: string, asked: boolean][] = [
    ['seed', request.seed !== undefined],
    ['presence_penalty', (request.presencePenalty ?? 0) !== 0],
    ['frequency_penalty', (request.frequencyPenalty ?? 0) !== 0],
    ['n', (request.candidates ?? 1) > 1],
    ['logprobs', request.logprobs === true || request.topLogprobs !== undefined],
    ['prompt_cache_key', request.promptCacheKey !== undefined],
    ['user', request.userId !== undefined],
    [
      'tool_choice',
      !hasTools && request.toolChoice !== undefined && !['auto', 'none'].includes(request.toolChoice.type),
    ],
  ];
  for (const [field, asked] of lost)
    if (asked) warn({ type: 'dropped', field, message: `Amazon Bedrock cannot honour ${field} here.` });
}
