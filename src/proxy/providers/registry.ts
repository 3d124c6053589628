import type { ProviderName } from '../../shared/settings';
import { anthropic, anthropicCompatible } from './anthropic';
import { demo } from './demo';
import { editorModels } from './editor-models';
import { gemini } from './gemini';
import { ollama } from './ollama';
import { openai, openaiCompatible } from './openai';
import { openrouter } from './openrouter';
import { azure } from './azure';
import { bedrock } from './bedrock';
import { deepseek } from './deepseek';
import { groq } from './groq';
import { lmstudio } from './lmstudio';
import { mistral } from './mistral';
import { moonshot } from './moonshot';
import { vertex } from './vertex';
import { xai } from './xai';
import type { Provider } from './provider';
import { zai } from './zai';

const PROVIDER_TABLES: Record<ProviderName, Provider> = {
  gemini,
  anthropic,
  openai,
  zai,
  openrouter,
  deepseek,
  groq,
  mistral,
  xai,
  moonshot,
  vertex,
  azure,
  bedrock,
  ollama,
  lmstudio,
  'openai-compatible': openaiCompatible,
  'anthropic-compatible': anthropicCompatible,
  vscode: editorModels,
  demo,
};

/** The table of a provider. */
export function providerOf(name: ProviderName): Provider {
  return PROVIDER_TABLES[name];
}
