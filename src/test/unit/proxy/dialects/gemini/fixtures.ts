import type { AnswerContext, EncodeContext, ReplyContext } from '../../../../../proxy/dialects/adapter';
import type { CanonicalRequest, StreamPart, Warning } from '../../../../../proxy/dialects/canonical';
import { geminiAdapter } from '../../../../../proxy/dialects/gemini';
import { createSignatureStore } from '../../../../../proxy/dialects/signatures/signature-store';
import type { JsonObject } from '../../../../../shared/json';

/** Contexts that count ids and collect warnings. */
export function contexts(model = 'gemini-3-pro-preview') {
  const warnings: Warning[] = [];
  const warn = (warning: Warning) => void warnings.push(warning);
  const signatures = createSignatureStore();
  let ids = 0;
  const newId = (prefix: string) => `${prefix}${++ids}`;
  const encode: EncodeContext = { model, stream: false, warn, signatures };
  const answer: AnswerContext = { warn, signatures, newId };
  const reply = (request: Partial<CanonicalRequest> = {}, framing?: 'sse' | 'json-array'): ReplyContext => ({
    model: 'asked-model',
    now: 1,
    newId,
    warn,
    request: { model: 'asked-model', stream: true, messages: [], tools: [], ...request },
    ...(framing && { framing }),
  });
  return { warnings, warn, signatures, newId, encode, answer, reply };
}

/** Runs payloads through the stream decoder. */
export function decodeAll(payloads: unknown[], context: AnswerContext = contexts().answer): StreamPart[] {
  const decoder = geminiAdapter.createStreamDecoder(context);
  return [
    ...payloads.flatMap((payload) => decoder.push({ data: JSON.stringify(payload) })),
    ...decoder.end(),
  ];
}

/** What a stream adds up to. */
export function collect(parts: StreamPart[]) {
  const sum = {
    text: '',
    reasoning: '',
    calls: [] as { id: string; name: string; kind: string; input: string; signature: unknown }[],
  };
  for (const part of parts) {
    if (part.type === 'text-delta') sum.text += part.text;
    if (part.type === 'reasoning-delta') sum.reasoning += part.text;
    if (part.type === 'tool-input-start') {
      const { id, name, kind } = part;
      sum.calls.push({ id, name, kind, input: '', signature: part.metadata?.gemini?.['thoughtSignature'] });
    }
    if (part.type === 'tool-input-delta') {
      const call = sum.calls.find((one) => one.id === part.id);
      if (call) call.input += part.text;
    }
  }
  return {
    ...sum,
    finish: parts.find((part) => part.type === 'finish')?.finish,
    usage: parts.findLast((part) => part.type === 'usage')?.usage,
  };
}

/** What breaks the grammar of canonical streams: deltas outside their part, parts left open, ends that are not one. */
export function grammarProblems(parts: StreamPart[]): string[] {
  const problems: string[] = [];
  const open = new Set<string>();
  const seen = new Set<string>();
  for (const part of parts) {
    const match = /^(text|reasoning|tool-input|refusal)-(start|delta|end)$/.exec(part.type);
    if (!match || !('id' in part) || part.id === undefined) continue;
    const key = `${match[1]} ${part.id}`;
    if (match[2] === 'start') {
      if (seen.has(key)) problems.push(`${key} begins twice`);
      seen.add(key);
      open.add(key);
    } else if (!open.has(key)) problems.push(`${part.type} of ${key}, which is not open`);
    if (match[2] === 'end') open.delete(key);
  }
  for (const key of open) problems.push(`${key} stays open`);
  const ends = parts.filter((part) => part.type === 'finish' || part.type === 'error');
  if (ends.length === 0) problems.push('no end');
  if (parts.filter((part) => part.type === 'error').length > 0 && ends.length > 1)
    problems.push('an error is not the only end');
  return problems;
}

/** A request with one user message, and whatever else is given. */
export function asked(more: Partial<CanonicalRequest> = {}): CanonicalRequest {
  return {
    model: 'm',
    stream: false,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    tools: [],
    ...more,
  };
}

export function payload(parts: JsonObject[], finishReason?: string, more: JsonObject = {}): JsonObject {
  return {
    candidates: [{ content: { parts, role: 'model' }, index: 0, ...(finishReason && { finishReason }) }],
    ...more,
  };
}
