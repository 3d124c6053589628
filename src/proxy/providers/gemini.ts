import { xGoogApiKey, type Provider } from './provider';

/**
 * https://ai.google.dev/api; the `-latest` names are Google's own aliases, which chat models alone have. Audio is
 * transcribed by chat models. https://ai.google.dev/gemini-api/docs/embeddings, …/docs/image-generation
 */
export const gemini: Provider = {
  name: 'gemini',
  label: 'Google Gemini',
  endpoints: [{ dialect: 'gemini', baseUrl: 'https://generativelanguage.googleapis.com', auth: xGoogApiKey }],
  needsKey: true,
  models: /^(models\/)?(gemini|gemma|learnlm|imagen|veo|aqa|text-embedding-00)|^tunedModels\//,
  defaultModel: 'gemini-flash-latest',
  mediaModels: { embedding: 'gemini-embedding-001', image: 'gemini-3.1-flash-image' },
};
