/** What a provider's table says. One small table per provider; nothing else in the product knows providers. */
import type { Account, ProviderName } from '../../shared/settings';
import type { UpstreamTraits } from '../dialects/adapter';
import type { UpstreamDialect } from '../dialects/canonical';

/** What an account can be asked for besides chat. */
export type MediaKind = 'embedding' | 'image' | 'transcription';

/** A call as its dialect has it: path below the base URL, and body. */
export interface PlacedCall {
  path: string;
  body: Buffer | null;
}

/** What a signature is made over. */
export interface SignableRequest {
  method: string;
  /** Whole: scheme, host, path, query. */
  url: string;
  /** Flat list: name, value, name, value. */
  headers: string[];
  body: Buffer | null;
  signal?: AbortSignal;
}

export interface DialectEndpoint {
  dialect: UpstreamDialect;
  /** The URL that the provider's own SDK takes; absent where the user must give one. May depend on the account's region. */
  baseUrl?: string | ((account: Account) => string);
  /** Header lines that carry the key. */
  auth: (key: string) => Record<string, string>;
  /**
   * Makes the header lines that a fixed key alone does not make: a token that must be fetched, a signature. Flat list. Rejects
   * with an UpstreamError. What it needs is loaded when it is called.
   */
  authorize?: (account: Account, request: SignableRequest) => Promise<string[]>;
  /** Where this server's paths or bodies differ from its dialect's. */
  place?: (call: PlacedCall, context: { account: Account; model: string; streamed: boolean }) => PlacedCall;
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
