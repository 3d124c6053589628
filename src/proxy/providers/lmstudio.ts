import { ANTHROPIC_VERSION, bearer, bearerAndApiKey, type Provider } from './provider';

/**
 * https://lmstudio.ai/docs/developer/openai-compat, …/developer/anthropic-compat (since 0.4.1), …/api/rest-api: its Responses API
 * keeps conversations. A key counts only where "Require Authentication" is on.
 */
export const lmstudio: Provider = {
  name: 'lmstudio',
  label: 'LM Studio',
  endpoints: [
    { dialect: 'openai-chat', baseUrl: 'http://127.0.0.1:1234/v1', auth: bearer },
    {
      dialect: 'openai-responses',
      baseUrl: 'http://127.0.0.1:1234/v1',
      auth: bearer,
      traits: { customTools: false },
    },
    {
      dialect: 'anthropic',
      baseUrl: 'http://127.0.0.1:1234',
      auth: bearerAndApiKey,
      headers: ANTHROPIC_VERSION,
    },
  ],
  needsKey: false,
};
