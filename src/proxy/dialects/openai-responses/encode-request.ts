import { isObject, type JsonObject } from '../../../shared/json';
import type { EncodeContext, Warn, WireRequest } from '../adapter';
import type { CanonicalRequest } from '../canonical';
import { limitCacheKey, limitUserId } from '../openai/limits';
import { effortOfBudget } from '../reasoning-levels';
import { mapToolNames, type ToolNameLimits } from '../tools/tool-names';
import { encodeFormat } from './encode-format';
import { developerItem, encodeInput, splitInstructions } from './encode-input';
import { encodeTools, wireNames } from './encode-tools';
import { CODE_OUTPUTS, SEARCH_SOURCES } from './server-steps';
import { DIALECT, ENCRYPTED_REASONING, noteOf, type RequestNote } from './wire';

/** https://platform.openai.com/docs/api-reference/responses/create#responses-create-tools: a-z, A-Z, 0-9, _ and -, 64 at most. */
const TOOL_NAME_LIMITS: ToolNameLimits = { maxLength: 64, allowed: /[A-Za-z0-9_-]/ };
/** "Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16" */
const MIN_OUTPUT_TOKENS = 16;

const LOGPROBS = 'message.output_text.logprobs';

/** The fields whose value is not undefined. */
const given = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function encodeReasoning(request: CanonicalRequest, echo: JsonObject, context: EncodeContext): JsonObject {
  // The client's own words say more than the vocabulary: `concise`, `detailed`.
  if (isObject(echo.reasoning)) return { reasoning: echo.reasoning };
  const { reasoning } = request;
  if (!reasoning) return {};
  const { mode, effort, budgetTokens, visible } = reasoning;
  const dropped = (message: string): JsonObject => {
    context.warn({ type: 'dropped', field: 'reasoning', message });
    return {};
  };
  if (mode === 'off')
    // "none" is refused by most models, and a model without reasoning needs no word.
    return effort === 'none'
      ? { reasoning: { effort } }
      : dropped('Switching reasoning off has no word that all models of the Responses API take.');
  const asked = effort ?? (budgetTokens === undefined ? undefined : effortOfBudget(budgetTokens));
  if (asked !== undefined && context.traits?.reasoningEffort === false)
    return dropped('This provider does not take an effort of reasoning.');
  if (effort === undefined && asked !== undefined)
    context.warn({
      type: 'approximated',
      field: 'reasoning',
      message: `A budget of ${budgetTokens} tokens is asked for as "${asked}".`,
    });
  const shown = (visible ?? (mode === 'on' || mode === 'adaptive')) && asked !== 'none';
  const fields = given({ effort: asked, summary: shown ? 'auto' : undefined });
  return Object.keys(fields).length > 0 ? { reasoning: fields } : {};
}

function encodeLimit({ maxOutputTokens: asked }: CanonicalRequest, warn: Warn): JsonObject {
  if (asked === undefined) return {};
  if (asked >= MIN_OUTPUT_TOKENS) return { max_output_tokens: Math.floor(asked) };
  warn({
    type: 'approximated',
    field: 'max_output_tokens',
    message: `The Responses API takes no limit below ${MIN_OUTPUT_TOKENS} tokens.`,
  });
  return { max_output_tokens: MIN_OUTPUT_TOKENS };
}

/** Who asks, where the client does not say it in its own fields. */
function encodeUser({ userId }: CanonicalRequest, fields: JsonObject, warn: Warn): JsonObject {
  if (userId === fields.safety_identifier) return {};
  return given({ safety_identifier: limitUserId(userId, warn) });
}

/** What the API has no field for; one warning each. Fields that a client of this API wrote itself go as they came. */
function warnUnsupported(request: CanonicalRequest, fields: JsonObject, warn: Warn): void {
  const lost: [field: string, asked: boolean][] = [
    ['top_k', request.topK !== undefined],
    ['stop', (request.stop?.length ?? 0) > 0],
    ['seed', request.seed !== undefined],
    ['presence_penalty', (request.presencePenalty ?? 0) !== 0],
    ['frequency_penalty', (request.frequencyPenalty ?? 0) !== 0],
    ['n', (request.candidates ?? 1) > 1],
  ];
  for (const [field, asked] of lost)
    if (asked && fields[field] === undefined)
      warn({ type: 'dropped', field, message: `The Responses API has no ${field}.` });
}

/** `include`: the client's own wishes, and what is needed to go on thinking in the next turn. */
function encodeInclude(request: CanonicalRequest, fields: JsonObject): JsonObject {
  const own = Array.isArray(fields.include) ? fields.include : [];
  const wanted = new Set(own);
  const { reasoning } = request;
  if (reasoning?.mode !== 'off' && reasoning?.effort !== 'none') wanted.add(ENCRYPTED_REASONING);
  if (request.logprobs === true || request.topLogprobs !== undefined) wanted.add(LOGPROBS);
  for (const tool of request.tools)
    if (tool.type === 'built-in' && tool.dialect !== DIALECT) {
      // Other protocols tell what came of their tools, and their clients look for it.
      if (tool.kind === 'web-search') wanted.add(SEARCH_SOURCES);
      if (tool.kind === 'code-execution') wanted.add(CODE_OUTPUTS);
    }
  return wanted.size > 0 ? { include: [...wanted] } : {};
}

/**
 * The request for a server that speaks the Responses API. Nothing is stored there unless the client says so: the
 * conversation comes whole with every request, its reasoning encrypted.
 * Reference: https://platform.openai.com/docs/api-reference/responses/create
 * @throws NotSupportedError when the client insists on a tool that only another provider runs
 */
export function encodeRequest(request: CanonicalRequest, context: EncodeContext): WireRequest {
  const { fields = {}, echo = {} } = noteOf(request.metadata) as RequestNote;
  const { warn } = context;
  const names = mapToolNames(wireNames(request), TOOL_NAME_LIMITS);
  const { instructions, rest } = splitInstructions(request.messages);
  const settings = {
    continued: fields.previous_response_id !== undefined || fields.conversation !== undefined,
    stored: fields.store === true,
  };
  const native = context.traits?.customTools !== false;
  const custom = native ? [] : request.tools.filter((tool) => tool.type === 'custom');
  warnUnsupported(request, fields, warn);
  const { format, instruction } = encodeFormat(request, warn);
  const instruct = instruction === undefined ? [] : [developerItem(instruction)];
  const text = given({ format, verbosity: isObject(echo.text) ? echo.text.verbosity : undefined });
  const body: JsonObject = {
    store: false,
    ...fields,
    model: context.model,
    ...(instructions !== undefined && { instructions }),
    input: [...instruct, ...encodeInput(rest, context, names.toWire, settings)],
    ...encodeTools(request, context, names.toWire),
    ...encodeLimit(request, warn),
    ...given({ temperature: request.temperature, top_p: request.topP, top_logprobs: request.topLogprobs }),
    ...encodeReasoning(request, echo, context),
    ...(Object.keys(text).length > 0 && { text }),
    ...given({ prompt_cache_key: limitCacheKey(request.promptCacheKey) }),
    ...encodeUser(request, fields, warn),
    ...encodeInclude(request, fields),
    stream: context.stream,
  };
  return {
    path: '/responses',
    body,
    restoreToolName: names.restore,
    ...(custom.length > 0 && { customToolNames: new Set(custom.map((tool) => tool.name)) }),
  };
}
