/** Names and plain rules of the settings, apart from their schema: whoever must start fast need not load zod. */

export const AUTH_MODES = ['off', 'strict', 'all_except_health', 'auto'] as const;
export type AuthMode = (typeof AUTH_MODES)[number];
/** What `auto` resolves to (SPEC 2.1). */
export type ResolvedAuthMode = Exclude<AuthMode, 'auto'>;

export const PROVIDERS = [
  'gemini',
  'anthropic',
  'openai',
  'zai',
  'openrouter',
  'deepseek',
  'groq',
  'mistral',
  'xai',
  'moonshot',
  'vertex',
  'azure',
  'bedrock',
  'ollama',
  'lmstudio',
  'openai-compatible',
  'anthropic-compatible',
  'vscode',
  'demo',
] as const;
export type ProviderName = (typeof PROVIDERS)[number];

export const DIALECTS = ['openai-chat', 'openai-responses', 'anthropic', 'gemini'] as const;
export type Dialect = (typeof DIALECTS)[number];

export const DEFAULT_PORT = 8045;

/** How new conversations find their account (SPEC 5.3). */
export const SCHEDULINGS = ['cache_first', 'balance', 'performance_first'] as const;
export type Scheduling = (typeof SCHEDULINGS)[number];

export const ZAI_DISPATCH_MODES = ['off', 'exclusive', 'pooled', 'fallback'] as const;
export type ZaiDispatchMode = (typeof ZAI_DISPATCH_MODES)[number];

/** SPEC 2.1: LAN on → `all_except_health`, LAN off → `off`. */
export function resolveAuthMode(mode: AuthMode, allowLanAccess: boolean): ResolvedAuthMode {
  if (mode !== 'auto') return mode;
  return allowLanAccess ? 'all_except_health' : 'off';
}

/** The address to bind (SPEC 1.3). */
export function bindAddress(allowLanAccess: boolean): string {
  return allowLanAccess ? '0.0.0.0' : '127.0.0.1';
}
