import type { Account, ProviderName } from '../../shared/settings';

/** Where each provider's own SDK looks for its key. */
const KEY_VARIABLES: [string, ProviderName, string][] = [
  ['GEMINI_API_KEY', 'gemini', 'Gemini'],
  ['ANTHROPIC_API_KEY', 'anthropic', 'Anthropic'],
  ['OPENAI_API_KEY', 'openai', 'OpenAI'],
  ['ZAI_API_KEY', 'zai', 'z.ai'],
  ['OPENROUTER_API_KEY', 'openrouter', 'OpenRouter'],
  ['DEEPSEEK_API_KEY', 'deepseek', 'DeepSeek'],
  ['GROQ_API_KEY', 'groq', 'Groq'],
  ['MISTRAL_API_KEY', 'mistral', 'Mistral'],
  ['XAI_API_KEY', 'xai', 'xAI'],
  ['MOONSHOT_API_KEY', 'moonshot', 'Moonshot AI'],
];

const account = (
  id: string,
  provider: ProviderName,
  label: string,
  key: string,
  more: Pick<Account, 'baseUrl' | 'project' | 'region'> = {},
): Account => ({
  id,
  provider,
  label,
  key,
  enabled: true,
  priority: 0,
  weight: 1,
  ...more,
});

/** Reads variables without white space around them; empty ones are absent. */
type Read = (variable: string) => string | undefined;

/** An endpoint as the portal shows it may end in a slash or a query. */
function azureAccount(read: Read): Account[] {
  const key = read('AZURE_OPENAI_API_KEY');
  const baseUrl = read('AZURE_OPENAI_ENDPOINT')?.replace(/\/*([?#].*)?$/, '');
  return key && baseUrl ? [account('azure', 'azure', 'Azure OpenAI', key, { baseUrl })] : [];
}

/**
 * Vertex AI, where a credential file is named, or both of what only its users set. The credential itself is read when it is
 * needed, and again when it has changed.
 */
function vertexAccount(read: Read): Account[] {
  const project = read('GOOGLE_CLOUD_PROJECT');
  const region = read('GOOGLE_CLOUD_LOCATION');
  if (!read('GOOGLE_APPLICATION_CREDENTIALS') && !(project && region)) return [];
  return [
    account('vertex', 'vertex', 'Vertex AI', '', { ...(project && { project }), ...(region && { region }) }),
  ];
}

/**
 * Amazon Bedrock: its own key, else an access key as `id:secret` or `id:secret:session token`. Access keys are there for all of
 * AWS: without a region nothing is meant by them.
 */
function bedrockAccount(read: Read): Account[] {
  const region = read('AWS_REGION') ?? read('AWS_DEFAULT_REGION');
  const id = read('AWS_ACCESS_KEY_ID');
  const secret = read('AWS_SECRET_ACCESS_KEY');
  const session = read('AWS_SESSION_TOKEN');
  const pair = id && secret && region ? [id, secret, ...(session ? [session] : [])].join(':') : undefined;
  const key = read('AWS_BEARER_TOKEN_BEDROCK') ?? pair;
  return key ? [account('bedrock', 'bedrock', 'Amazon Bedrock', key, { ...(region && { region }) })] : [];
}

/** Accounts for the keys found in the environment; the demo account when there is none (SPEC §9). */
export function environmentAccounts(environment: NodeJS.ProcessEnv): Account[] {
  const read: Read = (variable) => environment[variable]?.trim() || undefined;
  const found = [
    ...KEY_VARIABLES.flatMap(([variable, provider, label]) => {
      const key = read(variable);
      return key ? [account(provider, provider, label, key)] : [];
    }),
    ...vertexAccount(read),
    ...azureAccount(read),
    ...bedrockAccount(read),
  ];
  return found.length > 0 ? found : [account('demo', 'demo', 'Demo', '')];
}
