import type { DialectAdapter, UpstreamAdapter } from './adapter';
import { anthropicAdapter } from './anthropic/index';
import { bedrockAdapter } from './bedrock/index';
import type { Dialect, UpstreamDialect } from './canonical';
import { editorAdapter } from './editor/index';
import { geminiAdapter } from './gemini/index';
import { openaiChatAdapter } from './openai-chat/index';
import { openaiResponsesAdapter } from './openai-responses/index';

const UPSTREAM_ADAPTERS: Record<Exclude<UpstreamDialect, Dialect>, UpstreamAdapter> = {
  bedrock: bedrockAdapter,
  editor: editorAdapter,
};

const ADAPTERS: Record<Dialect, DialectAdapter> = {
  'openai-chat': openaiChatAdapter,
  'openai-responses': openaiResponsesAdapter,
  anthropic: anthropicAdapter,
  gemini: geminiAdapter,
};

/** The adapter of a dialect that clients speak. */
export function adapterOf(dialect: Dialect): DialectAdapter {
  return ADAPTERS[dialect];
}

/** The adapter of a dialect that accounts speak. */
export function upstreamAdapterOf(dialect: UpstreamDialect): UpstreamAdapter {
  return dialect === 'bedrock' || dialect === 'editor' ? UPSTREAM_ADAPTERS[dialect] : ADAPTERS[dialect];
}
