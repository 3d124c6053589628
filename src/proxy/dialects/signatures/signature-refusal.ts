import type { ErrorInfo } from '../canonical';

/**
 * What providers say when reasoning in the history is not theirs, was altered, or stands where they do not want it.
 * By wording, because none of them has a code for it but OpenAI.
 */
const WORDS: readonly RegExp[] = [
  // "messages.1.content.0: Invalid `signature` in `thinking` block", also `data` in `redacted_thinking`.
  /invalid [`'"]?(signature|data)[`'"]? in [`'"]?(redacted_)?thinking/i,
  // "`thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified."
  /thinking[`'"]? blocks? .*cannot be modified/i,
  // "Expected `thinking` or `redacted_thinking`, but found `text`", and the other way round.
  /expected [`'"]?thinking[`'"]? or [`'"]?redacted_thinking/i,
  // "messages.1.content.0.thinking.signature: Field required"
  /thinking\.signature/i,
  // "Thought signature is not valid", "Corrupted thought signature."
  /thought[ _]?signature.*(not valid|invalid|corrupt|expired)|(invalid|corrupt\w*) thought[ _]?signature/i,
  // "Invalid value at 'contents[1].parts[0].thought_signature' (TYPE_BYTES), Base64 decoding failed"
  /thought_?signature.*base64/i,
  // "Function call is missing a thought_signature in functionCall parts."
  /missing a thought_?signature/i,
  // "The encrypted content gAAA… could not be verified.", "… organization_id did not match …"
  /encrypted[ _]content.*(could not be|cannot be|did not match|invalid)|invalid[ _]encrypted[ _]content/i,
  // "Encrypted content is not supported with this model.": it does not reason, and was asked for its reasoning.
  /encrypted[ _]content is not supported/i,
  // "Item 'fc_…' of type 'function_call' was provided without its required 'reasoning' item: 'rs_…'."
  /of type '(reasoning|\w+)' was provided without its required/i,
  // Servers that know no reasoning in messages: "property 'reasoning_content' is unsupported", "extra_forbidden".
  /reasoning(_content|_details)?\b.*(unsupported|not supported|not permitted|unrecognized|unknown)/i,
  // "Item with id 'rs_…' not found. Items are not persisted when `store` is set to false."
  /item with id '?rs_\w+'? not found/i,
];

/**
 * Whether an upstream refused a request because of signatures or reasoning of earlier turns: another account of the same
 * protocol made them, or another provider. The same request without reasoning may then be answered
 * (`DialectAdapter.dropReasoning`).
 */
export function isSignatureRefusal(error: ErrorInfo): boolean {
  if (error.status !== 400 && error.status !== 404 && error.status !== 422) return false;
  if (error.code === 'invalid_encrypted_content') return true;
  return WORDS.some((words) => words.test(error.message));
}
