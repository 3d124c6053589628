/** Every setting of the proxy: schema, defaults, descriptions. The editor and `serve --config` share it. */
import * as z from 'zod';
import { checkAccountKey } from './account-key';
import { monitorSchema } from './monitor-settings';
import {
  AUTH_MODES,
  DEFAULT_PORT,
  DIALECTS,
  PROVIDERS,
  SCHEDULINGS,
  ZAI_DISPATCH_MODES,
} from './setting-names';

export * from './setting-names';
export { monitorSchema, type MonitorSettings } from './monitor-settings';

/** `sk-` and at least 10 characters in all (SPEC 2.4). */
export const apiKeySchema = z
  .string()
  .min(10, 'The API key must have at least 10 characters.')
  .regex(/^sk-/, 'The API key must start with "sk-".')
  .regex(/^[\x21-\x7e]+$/, 'The API key must be printable ASCII without spaces.');

export const portSchema = z
  .int()
  .min(1, 'The port must be 1 to 65535.')
  .max(65535, 'The port must be 1 to 65535.');

/** An http or https URL without credentials, query or fragment; trailing slashes are taken off. */
export const baseUrlSchema = z
  .string()
  .trim()
  .refine((text) => {
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    return /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  }, 'The base URL must be an http or https URL without user, query or fragment.')
  .transform((text) => text.replace(/\/+$/, ''));

/** One credential that its provider issues for API use. */
export const accountSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'An account id has letters, digits, "_", "." and "-" only.'),
  label: z.string().trim().min(1).max(80).optional(),
  provider: z.enum(PROVIDERS),
  baseUrl: baseUrlSchema.optional(),
  dialect: z.enum(DIALECTS).optional(),
  models: z.array(z.string().min(1)).optional(),
  /** Asked for when a client names a model that this account does not have. */
  defaultModel: z.string().min(1).optional(),
  enabled: z.boolean().default(true),
  priority: z.int().default(0),
  weight: z.number().positive().default(1),
  /** Most requests at a time; further ones go to other accounts or wait for their turn. Absent: no cap. */
  maxConcurrent: z.int().min(1).optional(),
  /** Vertex AI: the project and location; Amazon Bedrock: the region. */
  project: z.string().trim().min(1).max(200).optional(),
  region: z
    .string()
    .trim()
    .regex(/^[a-z0-9-]{1,64}$/, 'A region has small letters, digits and "-" only.')
    .optional(),
});
export type AccountSettings = z.infer<typeof accountSchema>;

/** An account with its key: exists in memory, in SecretStorage and in the upstream request only. */
export const accountWithKeySchema = accountSchema.extend({ key: z.string().trim().default('') });
export type Account = z.infer<typeof accountWithKeySchema>;

/** What makes an account unusable, in words; undefined when nothing does. */
export function accountProblem(
  account: Pick<AccountSettings, 'id' | 'provider' | 'baseUrl'> & Partial<Pick<AccountSettings, 'dialect'>>,
): string | undefined {
  const needsUrl = ['openai-compatible', 'anthropic-compatible', 'azure'].includes(account.provider);
  if (needsUrl && !account.baseUrl) return `The account "${account.id}" needs a baseUrl.`;
  if (account.provider === 'vscode' && (account.baseUrl !== undefined || account.dialect !== undefined))
    return `The account "${account.id}" is the editor's own models, which have no baseUrl and no dialect.`;
  return undefined;
}

/** Why a key cannot be sent, in words that do not quote it; undefined when it can. */
function keyProblem(what: string, { provider, key }: Pick<Account, 'provider' | 'key'>): string | undefined {
  const checked = checkAccountKey(provider, key);
  return checked.ok ? undefined : `${what} cannot be used: ${checked.problem}`;
}

export const timeoutsSchema = z.strictObject({
  connectMs: z.int().min(1).default(10_000).describe('Time to connect to an upstream, in milliseconds.'),
  firstByteMs: z.int().min(1).default(120_000).describe('Time until an upstream answers, in milliseconds.'),
  idleMs: z.int().min(1).default(300_000).describe('Silence allowed within an answer, in milliseconds.'),
  totalMs: z
    .int()
    .min(1)
    .default(600_000)
    .describe('Time until an answer that is not streamed begins: it comes when all of it is written.'),
  failoverMs: z
    .int()
    .min(1)
    .default(600_000)
    .describe('Time after which no further account is tried for a request, in milliseconds.'),
});

/** An IPv4 or IPv6 address, or a CIDR range of them. */
export const addressSchema = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'This must be an IPv4 or IPv6 address or a CIDR range such as 192.168.0.0/16.',
});

/** A key of the user's own for one client (SPEC 2.10), beside the local API key, which may do everything. */
export const clientKeySchema = z.strictObject({
  name: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9][\w .-]{0,63}$/, 'A name has letters, digits, spaces, "_", "." and "-" only.'),
  /** ISO 8601 date or time; from then on the key admits nobody. */
  expires: z.union([z.iso.date(), z.iso.datetime({ offset: true })]).optional(),
  /** Model names or `*` patterns, as clients name them. Absent: every model. */
  models: z.array(z.string().min(1).max(256)).min(1).max(200).optional(),
  /** Most requests in any sixty seconds. */
  requestsPerMinute: z.int().min(1).optional(),
});
export type ClientKeySettings = z.infer<typeof clientKeySchema>;
export const clientKeyWithKeySchema = clientKeySchema.extend({ key: apiKeySchema });
export type ClientKey = z.infer<typeof clientKeyWithKeySchema>;

/** How upstreams are reached (SPEC 5.13). The editor's own settings, or the environment of `serve`. */
export const networkSchema = z.strictObject({
  /** `http://user:password@proxy:3128`; empty: none. It may hold a secret. */
  proxy: z.string().default(''),
  /** Host names, `.suffixes`, `*.patterns`, addresses, CIDR ranges, each with an optional `:port`; `*` for all. */
  noProxy: z.array(z.string()).default([]),
  /** Whether certificates are checked. */
  strictSsl: z.boolean().default(true),
  /** PEM certificates to trust besides those that Node ships. */
  certificates: z.array(z.string()).default([]),
});
export type NetworkSettings = z.infer<typeof networkSchema>;

export const proxySettingsSchema = z.strictObject({
  /** 0 picks a free port (headless only). */
  port: z.int().min(0).max(65535).default(DEFAULT_PORT),
  allowLanAccess: z.boolean().default(false),
  authMode: z.enum(AUTH_MODES).default('auto'),
  apiKey: z.union([z.literal(''), apiKeySchema]).default(''),
  accounts: z
    .array(accountWithKeySchema)
    .default([])
    .superRefine((accounts, context) => {
      const ids = new Set<string>();
      for (const [index, account] of accounts.entries()) {
        const problem = ids.has(account.id)
          ? `The account id "${account.id}" is used twice.`
          : (accountProblem(account) ?? keyProblem(`The key of the account "${account.id}"`, account));
        if (problem) context.addIssue({ code: 'custom', message: problem, path: [index] });
        ids.add(account.id);
      }
    }),
  /** Model name or `*` pattern → model, `account-or-provider/model`, or a list of them as a fallback chain. */
  routes: z
    .record(z.string().min(1), z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]))
    .default({}),
  zai: z
    .strictObject({
      dispatchMode: z.enum(ZAI_DISPATCH_MODES).default('off'),
      key: z
        .string()
        .trim()
        .default('')
        .superRefine((key, context) => {
          const problem = keyProblem('The key', { provider: 'zai', key });
          if (problem) context.addIssue({ code: 'custom', message: problem });
        }),
      baseUrl: baseUrlSchema.optional(),
      /** What to ask for when a client names a model of these families of Claude's. */
      models: z
        .strictObject({
          opus: z.string().min(1).default('glm-4.6'),
          sonnet: z.string().min(1).default('glm-4.6'),
          haiku: z.string().min(1).default('glm-4.5-air'),
        })
        .prefault({}),
    })
    .prefault({}),
  scheduling: z.enum(SCHEDULINGS).default('cache_first'),
  /** `cache_first`: conversations stay on their account. */
  stickySessions: z.boolean().default(true),
  /** For how long after its last request a conversation keeps its account. */
  stickyMinutes: z.number().positive().max(1440).default(60),
  /** An account's id: it serves whatever it can while it is healthy. */
  preferredAccount: z.string().default(''),
  /** Most accounts that one request tries. */
  maxAttempts: z.int().min(1).max(200).default(50),
  clientKeys: z
    .array(clientKeyWithKeySchema)
    .default([])
    .superRefine((keys, context) => {
      const names = new Set<string>();
      for (const [index, { name }] of keys.entries()) {
        if (names.has(name))
          context.addIssue({ code: 'custom', message: `The name "${name}" is used twice.`, path: [index] });
        names.add(name);
      }
    }),
  network: networkSchema.prefault({}),
  monitor: monitorSchema.prefault({}),
  timeouts: timeoutsSchema.prefault({}),
  /** Whether `/v1/responses` takes WebSockets; without, they get 426 and clients use HTTP. */
  responsesWebSocket: z.boolean().default(true),
  /** Largest request body, decoded, in MiB. */
  bodyLimitMiB: z.number().positive().max(1024).default(100),
  /** Names besides the loopback ones that a `Host` header may carry. */
  allowedHosts: z.array(z.string()).default([]),
  /** Web origins that may call from a browser. */
  allowedOrigins: z.array(z.string()).default([]),
  /** Client addresses: IPv4, IPv6 or CIDR. An empty allow list allows all. */
  allowList: z.array(addressSchema).default([]),
  blockList: z.array(addressSchema).default([]),
});
export type ProxySettings = z.infer<typeof proxySettingsSchema>;
