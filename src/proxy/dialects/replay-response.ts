import type { AssistantPart, CanonicalResponse, StreamPart } from './canonical';

/**
 * The events of one part. Metadata stands at both ends: some encoders need it at once, others at the end.
 * @param before the text of earlier parts
 */
function replayPart(
  part: AssistantPart,
  id: string,
  before: string,
  choice: { choice?: number },
): StreamPart[] {
  const metadata = 'metadata' in part && part.metadata ? { metadata: part.metadata } : {};
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return [
        { type: `${part.type}-start`, id, ...choice, ...metadata },
        ...(part.text === ''
          ? []
          : [{ type: `${part.type}-delta` as const, id, text: part.text, ...choice }]),
        ...(part.type === 'text' ? (part.citations ?? []) : []).map((citation): StreamPart => ({
          type: 'citation',
          id,
          citation,
          said: before + part.text,
          from: before.length,
          ...choice,
        })),
        { type: `${part.type}-end`, id, ...choice, ...metadata },
      ];
    case 'refusal':
      return [
        { type: 'refusal-start', id, ...choice },
        { type: 'refusal-delta', id, text: part.text, ...choice },
        { type: 'refusal-end', id, ...choice },
      ];
    case 'tool-call':
      return [
        { type: 'tool-input-start', id: part.id, name: part.name, kind: part.kind, ...choice, ...metadata },
        { type: 'tool-input-delta', id: part.id, text: part.input, ...choice },
        { type: 'tool-input-end', id: part.id, ...choice, ...metadata },
      ];
    case 'file':
      return [{ type: 'file', part, ...choice }];
    case 'opaque':
      return [{ type: 'opaque', part, ...choice }];
  }
}

/** A whole answer as the stream it could have been, for an upstream that ignored `stream`. */
export function replayResponse(response: CanonicalResponse): StreamPart[] {
  const { id, model, created, metadata, usage } = response;
  const parts: StreamPart[] = [
    {
      type: 'start',
      ...(id !== undefined && { id }),
      ...(model !== undefined && { model }),
      ...(created !== undefined && { created }),
      ...(metadata !== undefined && { metadata }),
    },
  ];
  response.choices.forEach(({ content, logprobs }, index) => {
    const choice = index === 0 ? {} : { choice: index };
    if (logprobs !== undefined) parts.push({ type: 'logprobs', value: logprobs, ...choice });
    let said = '';
    content.forEach((part, position) => {
      parts.push(...replayPart(part, `${index}-${position}`, said, choice));
      if (part.type === 'text') said += part.text;
    });
  });
  if (usage) parts.push({ type: 'usage', usage });
  response.choices.forEach(({ finish }, index) => {
    parts.push({ type: 'finish', finish, ...(index === 0 ? {} : { choice: index }) });
  });
  return parts;
}
