/** Puts canonical stream parts together, and complains where they break the vocabulary's own rules. */
import type { Citation, StreamPart } from '../../proxy/dialects/canonical';

export interface CollectedParts {
  complaints: string[];
  text: string;
  reasoning: string;
  calls: { id: string; name: string; input: string }[];
  citations: Citation[];
  stop?: string;
  usage?: { inputTokens: number; outputTokens: number };
  error?: string;
}

/** Reads the parts of one whole stream: begin and end of each, one finish or one error, nothing after it but usage. */
export function collectParts(parts: StreamPart[]): CollectedParts {
  const collected: CollectedParts = { complaints: [], text: '', reasoning: '', calls: [], citations: [] };
  const complain = (text: string) => collected.complaints.push(text);
  const open = new Map<string, string>();
  const seen = new Set<string>();
  const begin = (id: string, kind: string) => {
    if (seen.has(id)) complain(`${kind} ${id} begins again`);
    seen.add(id);
    open.set(id, kind);
  };
  const within = (id: string, kind: string) => {
    if (open.get(id) !== kind) complain(`${kind} ${id} is not open`);
  };
  for (const part of parts) {
    if ((collected.stop ?? collected.error) !== undefined && part.type !== 'usage')
      complain(`${part.type} after the end`);
    switch (part.type) {
      case 'text-start':
      case 'reasoning-start':
      case 'refusal-start':
        begin(part.id, part.type.split('-')[0]!);
        break;
      case 'text-delta':
      case 'refusal-delta':
        within(part.id, part.type.split('-')[0]!);
        collected.text += part.text;
        break;
      case 'reasoning-delta':
        within(part.id, 'reasoning');
        collected.reasoning += part.text;
        break;
      case 'citation':
        within(part.id, 'text');
        collected.citations.push(part.citation);
        break;
      case 'text-end':
      case 'reasoning-end':
      case 'refusal-end':
        within(part.id, part.type.split('-')[0]!);
        open.delete(part.id);
        break;
      case 'tool-input-start':
        begin(part.id, 'tool');
        collected.calls.push({ id: part.id, name: part.name, input: '' });
        break;
      case 'tool-input-delta': {
        within(part.id, 'tool');
        const call = collected.calls.find((one) => one.id === part.id);
        if (call) call.input += part.text;
        break;
      }
      case 'tool-input-end':
        within(part.id, 'tool');
        open.delete(part.id);
        break;
      case 'usage':
        collected.usage = part.usage;
        break;
      case 'start':
        if (part.usage) collected.usage ??= part.usage;
        break;
      case 'finish':
        if (open.size > 0) complain(`finish while ${[...open.keys()].join(', ')} is open`);
        collected.stop = part.finish.reason;
        break;
      case 'error':
        collected.error = part.error.message;
        break;
      case 'file':
      case 'opaque':
      case 'logprobs':
        break;
    }
  }
  if (collected.stop === undefined && collected.error === undefined) complain('neither finish nor error');
  return collected;
}
