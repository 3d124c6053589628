import type { Account, ProviderName } from '../../shared/settings';

/** Where each provider's own SDK looks for its key. */
const KEY_VARIABLES: [string, ProviderName, string][] = [
  ['GEMINI_API_KEY', 'gemini', 'Gemini'],
  ['ANTHROPIC_API_KEY', 'anthropic', 'Anthropic'],
  ['OPENAI_API_KEY', 'openai', 'OpenAI'],
  ['ZAI_API_KEY', 'zai', 'z.ai'],
  ['OPENROUTER_API_KEY', 'openrouter', 'OpenRouter'],
];

const account = (id: string, provider: ProviderName, label: string, key: string): Account => ({
  id,
  provider,
  label,
  key,
  enabled: true,
  priority: 0,
  weight: 1,
});

/** Accounts for the keys found in the environment; the demo account when there is none (SPEC §9). */
export function environmentAccounts(environment: NodeJS.ProcessEnv): Account[] {
  const found = KEY_VARIABLES.flatMap(([variable, provider, label]) => {
    const key = environment[variable]?.trim();
    return key ? [account(provider, provider, label, key)] : [];
  });
  return found.length > 0 ? found : [account('demo', 'demo', 'Demo', '')];
}
