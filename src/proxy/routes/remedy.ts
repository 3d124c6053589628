import type { Dialect } from '../dialects/canonical';
import { isSignatureRefusal } from '../dialects/signatures/signature-refusal';
import { responsesEndpoint, type Choice } from './candidates';
import type { Failure } from './failure';

/** Another way to ask the same account, after it refused the first. */
export type Remedy =
  /** Without the reasoning of earlier turns: another provider's, or damaged, or too old. */
  | 'without-reasoning'
  /** Over the Responses API: the model, or what is asked of it, is to be had there only. */
  | 'over-responses';

/**
 * OpenAI's refusals name the way: "This model is only supported in v1/responses and not in v1/chat/completions",
 * "Function tools with reasoning_effort are not supported … use /v1/responses".
 */
const RESPONSES_ONLY = /\bv1\/responses\b|\bResponses API\b/i;

/** "Encrypted content is not supported with this model.": it will say so every time. */
export const NEVER_ENCRYPTED = /encrypted[ _]content is not supported/i;

/**
 * What may help after this failure; undefined when nothing would.
 * @param asked the dialect in which the account was asked
 */
export function remedyFor(
  { error }: Failure,
  choice: Choice,
  asked: Dialect | undefined,
): Remedy | undefined {
  if (choice.type === 'demo' || ![400, 404, 422].includes(error.status)) return undefined;
  if (isSignatureRefusal(error.info())) return 'without-reasoning';
  const elsewhere = asked === 'openai-chat' && RESPONSES_ONLY.test(error.message);
  return elsewhere && responsesEndpoint(choice.account) ? 'over-responses' : undefined;
}
