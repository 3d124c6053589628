/** Public face of the core. */
export { createProxy } from './create-proxy';
export type { Proxy } from './create-proxy';
export type { Log, ProxyHost } from './host';
