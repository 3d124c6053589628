/** The host's check of what the panel sends. Not imported by the panel: its bundle does without zod. */
import * as z from 'zod';
import { checkAccountKey, LONGEST_ACCOUNT_KEY } from './account-key';
import type { PanelMessage } from './messages';
import { SHELLS, SNIPPETS } from './quick-start';
import { AUTH_MODES, DIALECTS, PROVIDERS, SCHEDULINGS, ZAI_DISPATCH_MODES } from './setting-names';
import { accountSchema, apiKeySchema, baseUrlSchema, clientKeySchema, portSchema } from './settings';

const call = <Name extends string, Shape extends z.core.$ZodLooseShape>(type: Name, shape: Shape) =>
  z.strictObject({ seq: z.int().min(0), type: z.literal(type), ...shape });

const accountId = z.string().min(1).max(64);
const agentId = z.string().min(1).max(64);
const findingId = z.string().min(1).max(64);
const modelName = z.string().trim().min(1).max(256, 'A model name has at most 256 characters.');
const upstreamKey = z.string().trim().max(LONGEST_ACCOUNT_KEY, 'The key is too long.');

/** The fields of `AccountFields`, with bounds that no honest form exceeds. */
const accountFields = {
  label: z.string().trim().min(1).max(80, 'The label must have at most 80 characters.').exactOptional(),
  baseUrl: baseUrlSchema.exactOptional(),
  dialect: z.enum(DIALECTS).exactOptional(),
  models: z.array(modelName).max(500, 'An account has at most 500 models.').exactOptional(),
  defaultModel: modelName.exactOptional(),
  priority: z
    .int('The priority must be a whole number.')
    .min(-1_000, 'The priority must be -1000 to 1000.')
    .max(1_000, 'The priority must be -1000 to 1000.')
    .exactOptional(),
  weight: z
    .number()
    .positive('The weight must be more than 0.')
    .max(1_000, 'The weight must be at most 1000.')
    .exactOptional(),
  maxConcurrent: z
    .int('The cap must be a whole number.')
    .min(1, 'The cap must be at least 1.')
    .max(10_000, 'The cap must be at most 10000.')
    .exactOptional(),
  project: accountSchema.shape.project.unwrap().exactOptional(),
  region: accountSchema.shape.region.unwrap().exactOptional(),
};

const newAccountSchema = z
  .strictObject({ provider: z.enum(PROVIDERS), key: upstreamKey, ...accountFields })
  .superRefine(({ provider, key }, context) => {
    const checked = checkAccountKey(provider, key);
    if (!checked.ok) context.addIssue({ code: 'custom', message: checked.problem, path: ['key'] });
  });

const routesSchema = z
  .record(modelName, z.union([modelName, z.array(modelName).min(1).max(50)]))
  .refine((routes) => Object.keys(routes).length <= 500, 'There may be at most 500 routes.');

const zaiModels = z.strictObject({ opus: modelName, sonnet: modelName, haiku: modelName });

const clientKeyFields = {
  name: clientKeySchema.shape.name,
  expires: clientKeySchema.shape.expires.unwrap().exactOptional(),
  models: clientKeySchema.shape.models.unwrap().exactOptional(),
  requestsPerMinute: clientKeySchema.shape.requestsPerMinute
    .unwrap()
    .max(1_000_000, 'The limit must be at most 1000000.')
    .exactOptional(),
};

/** Of an account that exists, or of what the form holds: one of the two. */
const listModels = call('listModels', {
  id: accountId.exactOptional(),
  account: newAccountSchema.exactOptional(),
}).transform(({ id, account, ...rest }, context) => {
  if (id !== undefined && account === undefined) return { ...rest, id };
  if (account !== undefined && id === undefined) return { ...rest, account };
  context.addIssue({ code: 'custom', message: 'Either an id or an account is asked for.' });
  return z.NEVER;
});

export const panelMessageSchema = z.discriminatedUnion('type', [
  call('ready', {}),
  call('start', {}),
  call('stop', {}),
  call('restart', {}),
  call('setPort', { port: portSchema }),
  call('setLanAccess', { allow: z.boolean() }),
  call('setAuthMode', { mode: z.enum(AUTH_MODES) }),
  call('setKey', { key: apiKeySchema }),
  call('regenerateKey', {}),
  call('revealKey', {}),
  call('copyKey', {}),
  call('addAccount', { account: newAccountSchema }),
  call('addAnyway', {}),
  call('forgetNewAccount', {}),
  call('setAccountEnabled', { id: accountId, enabled: z.boolean() }),
  call('testAccount', { id: accountId }),
  call('editAccount', {
    id: accountId,
    fields: z.strictObject(accountFields),
    key: upstreamKey.exactOptional(),
    anyway: z.boolean().exactOptional(),
  }),
  call('moveAccount', { id: accountId, to: z.int().min(0).max(100_000) }),
  call('clearCooling', { id: accountId, model: modelName.exactOptional() }),
  listModels,
  call('exportAccounts', {}),
  call('importAccounts', {}),
  call('setScheduling', {
    scheduling: z.enum(SCHEDULINGS),
    stickySessions: z.boolean(),
    preferredAccount: z.string().max(64),
  }),
  call('setRoutes', { routes: routesSchema }),
  call('explainRoute', { model: modelName, protocol: z.enum(DIALECTS) }),
  call('setZai', { dispatchMode: z.enum(ZAI_DISPATCH_MODES), models: zaiModels }),
  call('setZaiKey', {
    key: upstreamKey.regex(/^[\x20-\x7e]*$/, 'The key must be printable ASCII on one line.'),
  }),
  call('addClientKey', clientKeyFields),
  call('removeClientKey', { name: z.string().min(1).max(64) }),
  call('refresh', {}),
  call('removeAccount', { id: accountId }),
  call('startOnPort', { port: portSchema }),
  call('useDemoAccount', {}),
  call('detectLocalServers', {}),
  call('checkHealth', {}),
  call('lookAtAgents', {}),
  call('connectAgent', { id: agentId }),
  call('disconnectAgent', { id: agentId }),
  call('openAgentFile', { id: agentId }),
  call('runDoctor', {}),
  call('fixFinding', { id: findingId }),
  call('copyDoctorReport', {}),
  call('copyUrl', {}),
  call('copySnippet', { id: z.enum(SNIPPETS) }),
  call('copyEnvironment', { shell: z.enum(SHELLS) }),
  call('openSettings', {}),
  call('openMonitor', {}),
  call('showLogs', {}),
]);

/** What {@link parsePanelMessage} gives: the message, or why it is refused and which call to answer. */
export type ParsedPanelMessage =
  { ok: true; message: PanelMessage } | { ok: false; seq?: number; reason: string };

/**
 * Checks one message from the panel.
 * The reason of a refusal names the first bad field and never quotes a value: there may be a key in it.
 */
export function parsePanelMessage(value: unknown): ParsedPanelMessage {
  const parsed = panelMessageSchema.safeParse(value);
  if (parsed.success) return { ok: true, message: parsed.data };
  const seq = z.object({ seq: z.int().min(0) }).safeParse(value);
  return {
    ok: false,
    ...(seq.success && { seq: seq.data.seq }),
    reason: parsed.error.issues[0]?.message ?? 'The message is not understood.',
  };
}
