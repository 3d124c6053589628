import type { ProviderName } from '../../shared/settings';
import { anthropic, anthropicCompatible } from './anthropic';
import { demo } from './demo';
import { gemini } from './gemini';
import { ollama } from './ollama';
import { openai, openaiCompatible } from './openai';
import { openrouter } from './openrouter';
import type { Provider } from './provider';
import { zai } from './zai';

const PROVIDER_TABLES: Record<ProviderName, Provider> = {
  gemini,
  anthropic,
  openai,
  zai,
  openrouter,
  ollama,
  'openai-compatible': openaiCompatible,
  'anthropic-compatible': anthropicCompatible,
  demo,
};

/** The table of a provider. */
export function providerOf(name: ProviderName): Provider {
  return PROVIDER_TABLES[name];
}
