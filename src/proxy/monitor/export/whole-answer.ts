/** An answer that was put together, written as its dialect writes whole answers. */
import type { Json, JsonObject } from '../../../shared/json';
import type { ReplyContext } from '../../dialects/adapter';
import type { AssistantPart, CanonicalResponse, UpstreamDialect } from '../../dialects/canonical';
import { adapterOf } from '../../dialects/registry';

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
};

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html */
function bedrockBlock(part: AssistantPart): JsonObject {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return { text: part.text };
    case 'reasoning': {
      const { signature, redacted } = part.metadata?.bedrock ?? {};
      if (redacted !== undefined) return { reasoningContent: { redactedContent: redacted } };
      return {
        reasoningContent: {
          reasoningText: { text: part.text, ...(signature !== undefined && { signature }) },
        },
      };
    }
    case 'tool-call':
      return { toolUse: { toolUseId: part.id, name: part.name, input: parsed(part.input) } };
    case 'file':
      return {
        image: { format: part.mediaType.replace('image/', ''), source: part.source as unknown as Json },
      };
    case 'opaque':
      return { [part.label]: part.value };
  }
}

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html */
function bedrockAnswer({ choices, usage }: CanonicalResponse): JsonObject {
  const [choice] = choices;
  return {
    output: { message: { role: 'assistant', content: (choice?.content ?? []).map(bedrockBlock) } },
    stopReason: choice?.finish.raw ?? choice?.finish.reason ?? null,
    ...(usage && {
      usage: {
        inputTokens: usage.inputTokens - (usage.cachedInputTokens ?? 0) - (usage.cacheWriteTokens ?? 0),
        outputTokens: usage.outputTokens,
        totalTokens: usage.inputTokens + usage.outputTokens,
        ...(usage.cachedInputTokens !== undefined && { cacheReadInputTokens: usage.cachedInputTokens }),
        ...(usage.cacheWriteTokens !== undefined && { cacheWriteInputTokens: usage.cacheWriteTokens }),
      },
    }),
  };
}

/** Parts as the editor gives them (shared/language-models.ts). */
function editorAnswer({ choices }: CanonicalResponse): JsonObject {
  const content = choices[0]?.content ?? [];
  return {
    parts: content.map((part): Json => {
      if (part.type === 'text') return { type: 'text', text: part.text };
      if (part.type === 'tool-call')
        return { type: 'tool-call', id: part.id, name: part.name, input: parsed(part.input) };
      return part as unknown as Json;
    }),
  };
}

/**
 * The body that the whole answer would have had in that dialect.
 * @param model as it was asked for
 * @param time Unix ms
 */
export function wholeAnswer(
  dialect: UpstreamDialect,
  response: CanonicalResponse,
  model: string,
  time: number,
): JsonObject {
  if (dialect === 'bedrock') return bedrockAnswer(response);
  if (dialect === 'editor') return editorAnswer(response);
  const context: ReplyContext = {
    model,
    now: Math.floor(time / 1000),
    newId: (prefix) => prefix.replace(/[-_]$/, ''),
    warn: () => undefined,
    // As if everything had been asked for: what came is to be shown.
    request: {
      model,
      stream: false,
      messages: [],
      tools: [],
      reasoning: { mode: 'on', visible: true },
      streamUsage: true,
      metadata: { 'openai-responses': { fields: { store: false } } },
    },
  };
  return adapterOf(dialect).encodeResponse(response, context);
}
