/** What the tests of the Bedrock dialect are made of; `warnings` collects what was warned of. */
import type { AnswerContext } from '../../../../../proxy/dialects/adapter';
import { bedrockAdapter } from '../../../../../proxy/dialects/bedrock/index';
import type {
  AssistantPart,
  CanonicalRequest,
  Message,
  Warning,
} from '../../../../../proxy/dialects/canonical';
import { createSignatureStore } from '../../../../../proxy/dialects/signatures/signature-store';
import { isObject, type JsonObject } from '../../../../../shared/json';
import { problemsOfConverse } from '../../../../support/validate/validate-converse';

export const CLAUDE = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
export const NOVA = 'us.amazon.nova-2-lite-v1:0';

export function encoding(model = CLAUDE, stream = false) {
  const warnings: Warning[] = [];
  return {
    model,
    stream,
    warn: (one: Warning) => warnings.push(one),
    signatures: createSignatureStore(),
    warnings,
  };
}

export function answering(parts: Partial<AnswerContext> = {}) {
  const warnings: Warning[] = [];
  let ids = 0;
  return {
    warn: (one: Warning) => warnings.push(one),
    signatures: createSignatureStore(),
    newId: (prefix: string) => `${prefix}${++ids}`,
    warnings,
    ...parts,
  };
}

export const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
export const assistant = (...content: AssistantPart[]): Message => ({ role: 'assistant', content });
export const call = (id: string, input = '{}', name = 'f'): AssistantPart => ({
  type: 'tool-call',
  id,
  name,
  kind: 'function',
  input,
});
export const result = (callId: string, text = 'ok'): Message => ({
  role: 'tool',
  content: [{ type: 'tool-result', callId, content: [{ type: 'text', text }] }],
});
export const f = { type: 'function', name: 'f' } as const;

/** The body that a request becomes. It is one that Bedrock takes. */
export function encode(parts: Partial<CanonicalRequest>, context = encoding()): JsonObject {
  const request = { model: 'asked', stream: false, messages: [user('Hi')], tools: [], ...parts };
  const { body } = bedrockAdapter.encodeRequest(request, context);
  const problems = problemsOfConverse(body);
  if (problems.length > 0) throw new Error(problems.join('; '));
  return body;
}

/** The messages of that body. */
export function messagesOf(messages: Message[], context = encoding()): JsonObject[] {
  const { messages: encoded } = encode({ messages }, context);
  return Array.isArray(encoded) ? encoded.filter(isObject) : [];
}
