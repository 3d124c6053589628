import type { Provider } from './provider';

export const bedrock: Provider = { name: 'bedrock', label: 'Amazon Bedrock', endpoints: [], needsKey: false };
