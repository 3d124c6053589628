import type { Provider } from './provider';

export const vertex: Provider = { name: 'vertex', label: 'Vertex AI', endpoints: [], needsKey: false };
