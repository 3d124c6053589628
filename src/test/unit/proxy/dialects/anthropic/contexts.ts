/** Contexts for the tests of the Anthropic dialect; `warnings` collects what was warned of. */
import type { AnswerContext, EncodeContext, ReplyContext } from '../../../../../proxy/dialects/adapter';
import type { CanonicalRequest, Message, Warning } from '../../../../../proxy/dialects/canonical';
import { createSignatureStore } from '../../../../../proxy/dialects/signatures/signature-store';

const ids = () => {
  let next = 0;
  return (prefix: string) => `${prefix}${++next}`;
};

export function request(parts: Partial<CanonicalRequest> = {}): CanonicalRequest {
  return { model: 'asked', stream: false, messages: [user('Hi')], tools: [], ...parts };
}

export const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });

export function encoding(model = 'claude-sonnet-4-5', parts: Partial<EncodeContext> = {}) {
  const warnings: Warning[] = [];
  const signatures = createSignatureStore();
  return { model, stream: false, warn: (w: Warning) => warnings.push(w), signatures, warnings, ...parts };
}

export function answering(parts: Partial<AnswerContext> = {}) {
  const warnings: Warning[] = [];
  return {
    warn: (w: Warning) => warnings.push(w),
    signatures: createSignatureStore(),
    newId: ids(),
    warnings,
    ...parts,
  };
}

export function replying(parts: Partial<CanonicalRequest> = {}) {
  const warnings: Warning[] = [];
  const context: ReplyContext = {
    model: 'asked',
    now: 0,
    newId: ids(),
    warn: (w) => warnings.push(w),
    request: request(parts),
  };
  return { ...context, warnings };
}
