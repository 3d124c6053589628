/** What a provider's table says. One small table per provider; nothing else in the product knows providers. */
import type { ProviderName } from '../../shared/settings';
import type { UpstreamTraits } from '../dialects/adapter';
import type { Dialect } from '../dialects/canonical';

/** What an account can be asked for besides chat. */
export type MediaKind = 'embedding' | 'image' | 'transcription';

export interface DialectEndpoint {
  dialect: Dialect;
  /** The URL that the provider's own SDK takes; absent where the user must give one. */
  baseUrl?: string;
  /** Header lines that carry the key. */
  auth: (key: string) => Record<string, string>;
  /** Sent when the client did not send them. */
  headers?: Record<string, string>;
  /** Where this server differs from most of its dialect. */
  traits?: UpstreamTraits;
  /** Anthropic: keeps the conversations of `thread`. Servers like it answer to the last messages as if they were all. */
  holdsThreads?: true;
}

export interface Provider {
  name: ProviderName;
  label: string;
  /** In order of preference; the client's own dialect is preferred when it is among them. */
  endpoints: DialectEndpoint[];
  needsKey: boolean;
  /** Model names that this provider serves for certain. Absent: cannot be told from a name. */
  models?: RegExp;
  /** Asked for when a client names a model of somebody else. */
  defaultModel?: string;
  /** The same for endpoints that chat models do not serve. */
  mediaModels?: Partial<Record<MediaKind, string>>;
}

export const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });
export const xApiKey = (key: string): Record<string, string> => ({ 'x-api-key': key });
export const xGoogApiKey = (key: string): Record<string, string> => ({ 'x-goog-api-key': key });
export const ANTHROPIC_VERSION = { 'anthropic-version': '2023-06-01' };
