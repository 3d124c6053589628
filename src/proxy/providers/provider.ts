/** What a provider's table says. One small table per provider; nothing else in the product knows providers. */
import type { Account, ProviderName } from '../../shared/settings';
import type { UpstreamTraits } from '../dialects/adapter';
import type { UpstreamDialect } from '../dialects/canonical';
import type { Dispatchers } from '../upstream/dispatcher';

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

/** How a server lists its models. */
export interface ModelLists {
  /** Where it does. */
  baseUrl: (account: Account) => string;
  /** Below the base URL. The first must be answered and proves the key; the others add what they have. */
  paths: readonly string[];
  /** The ids in one answer; undefined when it is none. */
  read: (body: unknown) => string[] | undefined;
}

export interface DialectEndpoint {
  dialect: UpstreamDialect;
  /**
   * The URL that the provider's own SDK takes; absent where the user must give one. A function where it depends on the account:
   * on its region, or on a URL of the user's that has to be put right. It is then asked always, and minds `account.baseUrl`
   * itself. See {@link endpointUrl} for what becomes of a user's URL elsewhere.
   */
  baseUrl?: string | ((account: Account) => string);
  /** Models that this endpoint serves, where a provider has one protocol for some and another for others. Absent: all. */
  serves?: RegExp;
  /** Header lines that carry the key. */
  auth: (key: string) => Record<string, string>;
  /**
   * Makes the header lines that a fixed key alone does not make: a token that must be fetched, a signature. Flat list. Rejects
   * with an UpstreamError. What it needs is loaded when it is called.
   * @param dispatchers for what must be fetched: they know the user's network settings
   */
  authorize?: (account: Account, request: SignableRequest, dispatchers: Dispatchers) => Promise<string[]>;
  /** Where this server's paths or bodies differ from its dialect's. Never throws; lists of models have `model: ''`. */
  place?: (call: PlacedCall, context: { account: Account; model: string; streamed: boolean }) => PlacedCall;
  /** Where this server's list of models is not where its dialect has it. */
  lists?: ModelLists;
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
  /** Its list is of what could be had, not of what the account has: it proves a key, and says nothing of models. */
  listsOthersModels?: true;
}

export const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });
export const xApiKey = (key: string): Record<string, string> => ({ 'x-api-key': key });
export const xGoogApiKey = (key: string): Record<string, string> => ({ 'x-goog-api-key': key });
/** For servers that read one or the other. */
export const bearerAndApiKey = (key: string): Record<string, string> => ({ ...xApiKey(key), ...bearer(key) });
export const ANTHROPIC_VERSION = { 'anthropic-version': '2023-06-01' };
