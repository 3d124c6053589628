import assert from 'node:assert/strict';
import { isSignatureRefusal } from '../../../../../proxy/dialects/signatures/signature-refusal';

const error = (message: string, status = 400, code?: string) => ({
  status,
  kind: 'invalid_request' as const,
  message,
  ...(code !== undefined && { code }),
});

describe('signature refusals', () => {
  for (const message of [
    'messages.1.content.0: Invalid `signature` in `thinking` block',
    '***.***.content.0: Invalid `data` in `redacted_thinking` block',
    'messages.3.content.0: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. These blocks must remain as they were in the original response.',
    'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is enabled, a final `assistant` message must start with a thinking block',
    'messages.1.content.0.thinking.signature: Field required',
    'Thought signature is not valid',
    'Unable to submit request because Thought signature is not valid. Learn more: …',
    'Corrupted thought signature.',
    'Invalid value at \'contents[1].parts[0].thought_signature\' (TYPE_BYTES), Base64 decoding failed for "x!"',
    'Function call is missing a thought_signature in functionCall parts.',
    'The encrypted content gAAAAABo… could not be verified. Reason: Encrypted content could not be decrypted or parsed.',
    'The encrypted content for item rs_1 could not be verified. Reason: Encrypted content organization_id did not match the target organization.',
    "Item 'fc_1' of type 'function_call' was provided without its required 'reasoning' item: 'rs_1'.",
    "'messages.1' : for 'role:assistant' the following must be satisfied[('messages.1' : property 'reasoning_content' is unsupported)]",
    '[{"type":"extra_forbidden","loc":["body","messages",1,"assistant","reasoning_content"],"msg":"Extra inputs are not permitted"}]',
    "Item with id 'rs_1' not found. Items are not persisted when `store` is set to false.",
  ])
    it(`knows ${JSON.stringify(message.slice(0, 60))}`, () => {
      assert.equal(isSignatureRefusal(error(message)), true);
    });

  it('knows the code of OpenAI', () => {
    assert.equal(isSignatureRefusal(error('no', 400, 'invalid_encrypted_content')), true);
  });

  for (const [message, status] of [
    ['messages: text content blocks must be non-empty', 400],
    ['`max_tokens` must be greater than `thinking.budget_tokens`', 400],
    ['The `reasoning_content` in the thinking mode must be passed back to the API.', 400],
    ['Invalid signature', 401],
    ["Unsupported value: 'reasoning_effort' does not support 'minimal' with this model.", 400],
    ['reasoning_effort is not supported by this model', 400],
    ['Thought signature is not valid', 500],
    ["Item with id 'msg_1' not found.", 404],
  ] as const)
    it(`takes ${JSON.stringify(message)} (${status}) for another error`, () => {
      assert.equal(isSignatureRefusal(error(message, status)), false);
    });
});
