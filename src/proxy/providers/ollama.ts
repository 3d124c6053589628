import { ANTHROPIC_VERSION, bearer, type Provider } from './provider';

/**
 * https://docs.ollama.com/api/openai-compatibility, …/api/anthropic-compatibility (since 0.14): a key is accepted and ignored, but
 * by ollama.com, which wants it as Bearer. Its Responses API keeps no conversations, so Portside speaks that one itself.
 */
export const ollama: Provider = {
  name: 'ollama',
  label: 'Ollama',
  endpoints: [
    { dialect: 'openai-chat', baseUrl: 'http://127.0.0.1:11434/v1', auth: bearer },
    { dialect: 'anthropic', baseUrl: 'http://127.0.0.1:11434', auth: bearer, headers: ANTHROPIC_VERSION },
  ],
  needsKey: false,
};
