import { isObject, type JsonObject } from '../../../shared/json';
import type { Dialect, UpstreamDialect } from '../../dialects/canonical';
import { isSignatureRefusal } from '../../dialects/signatures/signature-refusal';
import { modelKey, responsesEndpoint, type Choice } from './candidates';
import type { Core } from '../core';
import type { Failure } from '../failure';
import { outputLimitIn, type OutputLimit } from './output-limit';

/** Another way to ask the same account, after it refused the first. */
export type Remedy =
  /** Without the reasoning of earlier turns: another provider's, or damaged, or too old. */
  | 'without-reasoning'
  /** With empty reasoning where the client left it out of its history. */
  | 'blank-reasoning'
  /** Without a word on how much to reason: the server or the model knows none. */
  | 'without-effort'
  /** Over the Responses API: the model, or what is asked of it, is to be had there only. */
  | 'over-responses'
  /** With no more output than the account says that there is. */
  | OutputLimit;

/**
 * OpenAI's refusals name the way: "This model is only supported in v1/responses and not in v1/chat/completions",
 * "Function tools with reasoning_effort are not supported … use /v1/responses".
 */
const RESPONSES_ONLY = /\bv1\/responses\b|\bResponses API\b/i;

/**
 * DeepSeek: "Missing `reasoning_content` field in the assistant message at message index 3"; Moonshot: "thinking is enabled
 * but reasoning_content is missing in assistant tool call message at index 2".
 */
const REASONING_MISSING =
  /missing .{0,40}reasoning_content|reasoning_content\b.{0,60}(is missing|is required|must be (passed|provided|included))/i;

/**
 * Groq: "`reasoning_effort` is not supported with this model"; OpenAI: "Unrecognized request argument supplied: reasoning_effort",
 * "Unsupported value: 'reasoning_effort' does not support 'minimal' with this model".
 */
const EFFORT_REFUSED = /reasoning[_.]effort/i;
/** … of which the last is about one value alone. */
const ONE_VALUE = /value|must be one of|expected one of/i;

/** "Encrypted content is not supported with this model.": it will say so every time. */
const NEVER_ENCRYPTED = /encrypted[ _]content is not supported/i;

/**
 * Puts empty reasoning into the answers of a chat completions request that lack it, in place: servers that want their
 * reasoning back look for the field.
 */
export function addBlankReasoning(body: JsonObject): void {
  if (!Array.isArray(body.messages)) return;
  for (const message of body.messages)
    if (isObject(message) && message.role === 'assistant') message.reasoning_content ??= '';
}

/** Takes the wish for an effort out of a request of either of OpenAI's protocols, in place. Says whether there was one. */
export function dropEffort(body: JsonObject): boolean {
  const { reasoning } = body;
  const nested = isObject(reasoning) && reasoning.effort !== undefined;
  if (body.reasoning_effort === undefined && !nested) return false;
  delete body.reasoning_effort;
  if (nested) {
    const { effort: _effort, ...rest } = reasoning;
    if (Object.keys(rest).length > 0) body.reasoning = rest;
    else delete body.reasoning;
  }
  return true;
}

/**
 * What may help after this failure; undefined when nothing would.
 * @param asked the dialect in which the account was asked
 * @param client the client's: what it says in its own dialect goes on as it is
 */
export function remedyFor(
  { error }: Failure,
  choice: Choice,
  asked: UpstreamDialect | undefined,
  client: Dialect,
): Remedy | undefined {
  if (choice.type === 'demo' || ![400, 404, 422].includes(error.status)) return undefined;
  if (asked === 'openai-chat' && REASONING_MISSING.test(error.message)) return 'blank-reasoning';
  if (isSignatureRefusal(error.info())) return 'without-reasoning';
  const limit = asked === client ? undefined : outputLimitIn(error.message);
  if (limit) return limit;
  const elsewhere = asked === 'openai-chat' && RESPONSES_ONLY.test(error.message);
  if (elsewhere && responsesEndpoint(choice.account)) return 'over-responses';
  const ours = asked !== client && (asked === 'openai-chat' || asked === 'openai-responses');
  return ours && EFFORT_REFUSED.test(`${error.param ?? ''} ${error.message}`) ? 'without-effort' : undefined;
}

/** Remembers of a refusal what holds for every request to that account's model: it is not asked for that again. */
export function learnFrom(core: Core, { error }: Failure, choice: Choice, remedy: Remedy): void {
  if (choice.type === 'demo') return;
  const key = modelKey(choice.account, choice.model);
  if (NEVER_ENCRYPTED.test(error.message)) core.unencrypted.add(key);
  if (remedy === 'without-effort' && !ONE_VALUE.test(error.message)) core.effortless.add(key);
  if (typeof remedy === 'object' && remedy.always) core.outputLimits.set(key, remedy.tokens);
}
