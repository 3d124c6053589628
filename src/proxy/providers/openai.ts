import { bearer, type Provider } from './provider';

/** https://platform.openai.com/docs/api-reference */
export const openai: Provider = {
  name: 'openai',
  label: 'OpenAI',
  endpoints: [
    // First, for clients of other dialects: only here reasoning can go on from turn to turn.
    { dialect: 'openai-responses', baseUrl: 'https://api.openai.com/v1', auth: bearer },
    {
      dialect: 'openai-chat',
      baseUrl: 'https://api.openai.com/v1',
      auth: bearer,
      traits: { maxTokensField: 'max_completion_tokens', customTools: true, reasoningContent: false },
    },
  ],
  needsKey: true,
  models: /^(gpt|o\d|chatgpt|codex|computer-use|text-embedding-(3|ada)|dall-e|whisper|tts|omni|ft:)/,
  defaultModel: 'gpt-5',
  mediaModels: {
    embedding: 'text-embedding-3-small',
    image: 'gpt-image-1.5',
    transcription: 'gpt-4o-mini-transcribe',
  },
};

/** Any server that speaks chat completions. */
export const openaiCompatible: Provider = {
  name: 'openai-compatible',
  label: 'OpenAI-compatible',
  endpoints: [{ dialect: 'openai-chat', auth: bearer }],
  needsKey: false,
};
