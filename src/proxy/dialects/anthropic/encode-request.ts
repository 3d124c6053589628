import { sayableStops } from '../claude/stop-sequences';
import type { JsonObject } from '../../../shared/json';
import type { EncodeContext, Warn, WireRequest } from '../adapter';
import type { CanonicalRequest } from '../canonical';
import { abilitiesOf } from '../claude/model-abilities';
import { encodeSampling } from '../claude/sampling';
import { encodeMaxTokens, encodeThinkingSettings } from '../claude/thinking-settings';
import { encodeFormat } from './encode-format';
import { encodeMessages, endConversation } from './encode-messages';
import { encodeToolChoice, encodeTools, mapRequestToolNames } from './encode-tools';
import { limitCacheMarks } from './limit-cache-marks';
import { loopLacksThinking } from './tool-loop';

/**
 * The request to `POST /v1/messages`. Throws `NotSupportedError` for content that the API has no block for, and
 * `InvalidRequestError` for a conversation without content. https://platform.claude.com/docs/en/api/messages
 */
export function encodeRequest(request: CanonicalRequest, context: EncodeContext): WireRequest {
  const { warn } = context;
  const abilities = abilitiesOf(context.model);
  const names = mapRequestToolNames(request);
  const { system, turns } = encodeMessages(request, names, context);
  const cost = { optional: 0, unions: 0 };
  const { format, instruction } = encodeFormat(request.responseFormat, abilities, cost, warn);
  const tools = encodeTools(request, names, abilities.structuredOutput ? cost : undefined, warn);
  const choice = tools.length > 0 ? encodeToolChoice(request, names) : undefined;
  const forced = choice?.['type'] === 'any' || choice?.['type'] === 'tool';
  const settings = encodeThinkingSettings(
    request,
    abilities,
    encodeMaxTokens(request, abilities, warn),
    () => loopLacksThinking(turns.map(({ role, content }): JsonObject => ({ role, content }))),
    forced,
    warn,
  );
  const thinks = settings.thinking !== undefined && settings.thinking['type'] !== 'disabled';
  if (instruction) system.push(instruction);
  endConversation(turns, abilities.prefill && !thinks, context);
  warnUnsupported(request, tools.length > 0, warn);

  const stop = sayableStops(request, warn);
  const custom = request.tools.flatMap((tool) => (tool.type === 'custom' ? [tool.name] : []));
  const { metadata: ownMetadata, ...own } = request.metadata?.anthropic ?? {};
  const config: JsonObject = {
    ...(settings.effort !== undefined && { effort: settings.effort }),
    ...(format && { format }),
  };
  const body: JsonObject = {
    model: context.model,
    max_tokens: settings.maxTokens,
    ...(system.length > 0 && { system }),
    messages: turns.map((turn): JsonObject => ({ role: turn.role, content: turn.content })),
    ...(tools.length > 0 && { tools }),
    ...(choice && { tool_choice: choice }),
    ...(settings.thinking && { thinking: settings.thinking }),
    ...(Object.keys(config).length > 0 && { output_config: config }),
    ...encodeSampling(request, abilities, thinks, warn),
    ...(stop.length > 0 && { stop_sequences: stop }),
    ...(request.userId !== undefined && { metadata: { user_id: request.userId } }),
    ...(ownMetadata !== undefined && { metadata: ownMetadata }),
    ...own,
    stream: context.stream,
  };
  limitCacheMarks(body, warn);
  return {
    path: '/v1/messages',
    body,
    restoreToolName: (name) => names.restore(name),
    ...(custom.length > 0 && { customToolNames: new Set(custom) }),
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
    [
      'tool_choice',
      !hasTools && request.toolChoice !== undefined && !['auto', 'none'].includes(request.toolChoice.type),
    ],
  ];
  for (const [field, asked] of lost)
    if (asked) warn({ type: 'dropped', field, message: `Anthropic cannot honour ${field} here.` });
}
