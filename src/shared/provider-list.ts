/** The providers as a person meets them: names, where keys come from, what must be filled in. Pure data. */
import type { ProviderName } from './setting-names';

export interface ProviderInfo {
  name: ProviderName;
  label: string;
  /** One line below the label in a list. */
  detail: string;
  /** `required`: it has no address of its own; `optional`: the default can be replaced; `none`: it has none. */
  baseUrl: 'required' | 'optional' | 'none';
  /** The URL that the provider's own SDK takes. */
  defaultBaseUrl?: string;
  key: 'required' | 'optional' | 'none';
  /** How its keys begin: shown in the empty input, never checked. */
  keyPlaceholder?: string;
  /** Page where the provider issues keys. */
  keyPage?: string;
  /** A model to show in examples; what it really has is asked of the account. */
  sampleModel?: string;
  /** Further fields of an account that mean something to it; none of them must be filled in. */
  fields?: readonly ('project' | 'region')[];
}

export const PROVIDER_LIST: readonly ProviderInfo[] = [
  {
    name: 'gemini',
    label: 'Google Gemini',
    detail: 'Gemini models with a Google AI Studio key',
    baseUrl: 'optional',
    defaultBaseUrl: 'https://generativelanguage.googleapis.com',
    key: 'required',
    keyPlaceholder: 'AIza…',
    keyPage: 'https://aistudio.google.com/apikey',
    sampleModel: 'gemini-flash-latest',
  },
  {
    name: 'anthropic',
    label: 'Anthropic',
    detail: 'Claude models with an Anthropic API key',
    baseUrl: 'optional',
    defaultBaseUrl: 'https://api.anthropic.com',
    key: 'required',
    keyPlaceholder: 'sk-ant-…',
    keyPage: 'https://console.anthropic.com/settings/keys',
    sampleModel: 'claude-sonnet-4-5',
  },
  {
    name: 'openai',
    label: 'OpenAI',
    detail: 'GPT models with an OpenAI API key',
    baseUrl: 'optional',
    defaultBaseUrl: 'https://api.openai.com/v1',
    key: 'required',
    keyPlaceholder: 'sk-…',
    keyPage: 'https://platform.openai.com/api-keys',
    sampleModel: 'gpt-5',
  },
  {
    name: 'zai',
    label: 'z.ai',
    detail: 'GLM models through the Anthropic-compatible endpoint of z.ai',
    baseUrl: 'optional',
    defaultBaseUrl: 'https://api.z.ai/api/anthropic',
    key: 'required',
    keyPage: 'https://z.ai/manage-apikey/apikey-list',
    sampleModel: 'glm-4.6',
  },
  {
    name: 'openrouter',
    label: 'OpenRouter',
    detail: 'Models of many vendors with one key',
    baseUrl: 'optional',
    defaultBaseUrl: 'https://openrouter.ai/api/v1',
    key: 'required',
    keyPlaceholder: 'sk-or-…',
    keyPage: 'https://openrouter.ai/settings/keys',
    sampleModel: 'openrouter/auto',
  },
  {
    name: 'deepseek',
    label: 'DeepSeek',
    detail: 'DeepSeek models with a DeepSeek key',
    baseUrl: 'optional',
    defaultBaseUrl: 'https://api.deepseek.com',
    key: 'required',
    keyPlaceholder: 'sk-…',
    keyPage: 'https://platform.deepseek.com/api_keys',
    sampleModel: 'deepseek-flash',
  },
  {
    name: 'groq',
    label: 'Groq',
    detail: 'Open models at high speed',
    baseUrl: 'optional',
    defaultBaseUrl: 'https://api.groq.com/openai/v1',
    key: 'required',
    keyPlaceholder: 'gsk_…',
    keyPage: 'https://console.groq.com/keys',
    sampleModel: 'openai/gpt-oss-120b',
  },
  {
    name: 'mistral',
    label: 'Mistral',
    detail: 'Mistral models with a La Plateforme key',
    baseUrl: 'optional',
    defaultBaseUrl: 'https://api.mistral.ai/v1',
    key: 'required',
    keyPage: 'https://console.mistral.ai/api-keys',
    sampleModel: 'mistral-large-latest',
  },
  {
    name: 'xai',
    label: 'xAI',
    detail: 'Grok models with an xAI key',
    baseUrl: 'optional',
    defaultBaseUrl: 'https://api.x.ai/v1',
    key: 'required',
    keyPlaceholder: 'xai-…',
    keyPage: 'https://console.x.ai',
    sampleModel: 'grok-latest',
  },
  {
    name: 'moonshot',
    label: 'Moonshot AI',
    detail: 'Kimi models with a Moonshot key',
    baseUrl: 'optional',
    defaultBaseUrl: 'https://api.moonshot.ai/v1',
    key: 'required',
    keyPlaceholder: 'sk-…',
    keyPage: 'https://platform.moonshot.ai/console/api-keys',
    sampleModel: 'kimi-k3',
  },
  {
    name: 'vertex',
    label: 'Vertex AI',
    detail: 'Gemini and Claude models in your Google Cloud project',
    baseUrl: 'optional',
    key: 'optional',
    keyPlaceholder: '{ "type": "service_account", … }',
    keyPage: 'https://console.cloud.google.com/iam-admin/serviceaccounts',
    sampleModel: 'gemini-flash-latest',
    fields: ['project', 'region'],
  },
  {
    name: 'azure',
    label: 'Azure OpenAI',
    detail: 'Deployments of your Azure OpenAI or Foundry resource',
    baseUrl: 'required',
    key: 'required',
    keyPage: 'https://portal.azure.com',
  },
  {
    name: 'bedrock',
    label: 'Amazon Bedrock',
    detail: 'Models of your AWS account',
    baseUrl: 'optional',
    key: 'optional',
    keyPage: 'https://console.aws.amazon.com/bedrock/home#/api-keys',
    sampleModel: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
    fields: ['region'],
  },
  {
    name: 'ollama',
    label: 'Ollama',
    detail: 'Models on this machine, no key',
    baseUrl: 'optional',
    defaultBaseUrl: 'http://127.0.0.1:11434/v1',
    key: 'optional',
    keyPage: 'https://ollama.com/settings/keys',
  },
  {
    name: 'lmstudio',
    label: 'LM Studio',
    detail: 'Models on this machine, no key',
    baseUrl: 'optional',
    defaultBaseUrl: 'http://127.0.0.1:1234/v1',
    key: 'optional',
  },
  {
    name: 'openai-compatible',
    label: 'OpenAI-compatible',
    detail: 'Any server that answers /v1/chat/completions',
    baseUrl: 'required',
    key: 'optional',
  },
  {
    name: 'anthropic-compatible',
    label: 'Anthropic-compatible',
    detail: 'Any server that answers /v1/messages',
    baseUrl: 'required',
    key: 'optional',
  },
  {
    name: 'vscode',
    label: 'Editor models',
    detail: 'The editor’s own models, no key; you are asked for your consent',
    baseUrl: 'none',
    key: 'none',
  },
  {
    name: 'demo',
    label: 'Demo',
    detail: 'Built in: fixed answers, no key, no network',
    baseUrl: 'none',
    key: 'none',
    sampleModel: 'portside-demo',
  },
];

/** What is known of one provider. */
export function providerInfo(name: ProviderName): ProviderInfo {
  const found = PROVIDER_LIST.find((provider) => provider.name === name);
  if (!found) throw new RangeError(`Unknown provider: ${name}`);
  return found;
}
