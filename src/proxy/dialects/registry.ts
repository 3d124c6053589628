import type { DialectAdapter } from './adapter';
import { anthropicAdapter } from './anthropic/index';
import type { Dialect } from './canonical';
import { geminiAdapter } from './gemini/index';
import { openaiChatAdapter } from './openai-chat/index';
import { openaiResponsesAdapter } from './openai-responses/index';

const ADAPTERS: Record<Dialect, DialectAdapter> = {
  'openai-chat': openaiChatAdapter,
  'openai-responses': openaiResponsesAdapter,
  anthropic: anthropicAdapter,
  gemini: geminiAdapter,
};

/** The adapter of a dialect. */
export function adapterOf(dialect: Dialect): DialectAdapter {
  return ADAPTERS[dialect];
}
