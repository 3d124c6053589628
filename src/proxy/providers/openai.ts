import { bearer, type Provider } from './provider';

/** https://platform.openai.com/docs/api-reference */
export const openai: Provider = {
  name: 'openai',
  label: 'OpenAI',
  endpoints: [
    {
      dialect: 'openai-chat',
      baseUrl: 'https://api.openai.com/v1',
      auth: bearer,
      traits: { maxTokensField: 'max_completion_tokens', customTools: true, reasoningContent: false },
    },
    { dialect: 'openai-responses', baseUrl: 'https://api.openai.com/v1', auth: bearer },
  ],
  needsKey: true,
  models: /^(gpt|o\d|chatgpt|codex|computer-use|text-embedding-(3|ada)|dall-e|whisper|tts|omni|ft:)/,
  defaultModel: 'gpt-5',
};

/** Any server that speaks chat completions. */
export const openaiCompatible: Provider = {
  name: 'openai-compatible',
  label: 'OpenAI-compatible',
  endpoints: [{ dialect: 'openai-chat', auth: bearer }],
  needsKey: false,
};
