/** The host's check of what the panel sends. Not imported by the panel: its bundle does without zod. */
import * as z from 'zod';
import type { PanelMessage } from './messages';
import { SHELLS, SNIPPETS } from './quick-start';
import { AUTH_MODES, PROVIDERS } from './setting-names';
import { apiKeySchema, baseUrlSchema, portSchema } from './settings';

const call = <Name extends string, Shape extends z.core.$ZodLooseShape>(type: Name, shape: Shape) =>
  z.strictObject({ seq: z.int().min(0), type: z.literal(type), ...shape });

const accountId = z.string().min(1).max(64);

const newAccountSchema = z.strictObject({
  provider: z.enum(PROVIDERS),
  label: z.string().trim().min(1).max(80, 'The label must have at most 80 characters.').exactOptional(),
  baseUrl: baseUrlSchema.exactOptional(),
  key: z
    .string()
    .trim()
    .max(16_384, 'The key is too long.')
    .regex(/^[\x20-\x7e]*$/, 'The key must be printable ASCII on one line.'),
  models: z.array(z.string().trim().min(1).max(256)).max(500).exactOptional(),
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
  call('removeAccount', { id: accountId }),
  call('startOnPort', { port: portSchema }),
  call('useDemoAccount', {}),
  call('detectLocalServers', {}),
  call('checkHealth', {}),
  call('copyUrl', {}),
  call('copySnippet', { id: z.enum(SNIPPETS) }),
  call('copyEnvironment', { shell: z.enum(SHELLS) }),
  call('openSettings', {}),
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
