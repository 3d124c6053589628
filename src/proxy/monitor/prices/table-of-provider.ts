import type { ProviderName } from '../../../shared/setting-names';

/**
 * What the price table calls each provider of Portside; undefined where it has no prices, or where a price would be a guess: of
 * servers on the user's own machine, of servers that only speak a protocol, of what the editor's models cost.
 * Its build reads this too (`scripts/prices/plugin.mjs`): only these providers ship.
 */
export const TABLE_OF_PROVIDER: Record<ProviderName, string | undefined> = {
  gemini: 'google',
  anthropic: 'anthropic',
  openai: 'openai',
  zai: 'zai',
  openrouter: 'openrouter',
  deepseek: 'deepseek',
  groq: 'groq',
  mistral: 'mistral',
  xai: 'x-ai',
  moonshot: 'moonshotai',
  vertex: 'google',
  azure: 'azure',
  bedrock: 'aws',
  ollama: undefined,
  lmstudio: undefined,
  'openai-compatible': undefined,
  'anthropic-compatible': undefined,
  vscode: undefined,
  demo: undefined,
};
