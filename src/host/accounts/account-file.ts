/**
 * The file that accounts are exported to and imported from: JSON, version 1. Keys stand in it only sealed:
 * AES-256-GCM under a key that scrypt makes of a passphrase. The accounts themselves are authenticated along with them,
 * so that nobody who changes an address in the file gets a key sent there.
 */
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import * as z from 'zod';
import { accountProblem, accountSchema, type Account, type AccountSettings } from '../../shared/settings';

/** Largest file that is read, in bytes. */
export const LARGEST_ACCOUNT_FILE = 4 * 1024 * 1024;
/** Shortest passphrase, in characters. */
export const SHORTEST_PASSPHRASE = 8;

/** 128 MiB for a moment: what https://cheatsheetseries.owasp.org recommends for scrypt. */
const COST = { N: 2 ** 17, r: 8, p: 1 };
/** Most memory that a file may make scrypt take, in bytes. */
const MOST_MEMORY = 256 * 1024 * 1024;
const CIPHER = 'aes-256-gcm';

const base64 = (smallest: number, largest: number) =>
  z.base64().refine((text) => {
    const { length } = Buffer.from(text, 'base64');
    return length >= smallest && length <= largest;
  }, 'This has the wrong length.');

const sealedSchema = z.strictObject({
  kdf: z.literal('scrypt'),
  N: z
    .int()
    .min(2 ** 14)
    .max(2 ** 18)
    .refine((n) => (n & (n - 1)) === 0, 'This must be a power of two.'),
  r: z.int().min(1).max(16),
  p: z.int().min(1).max(4),
  salt: base64(16, 64),
  iv: base64(12, 12),
  tag: base64(16, 16),
  data: base64(1, LARGEST_ACCOUNT_FILE),
});
type SealedKeys = z.infer<typeof sealedSchema>;

const fileSchema = z.strictObject({
  format: z.literal('portside-accounts'),
  version: z.literal(1),
  accounts: z.array(accountSchema).max(1_000),
  keys: sealedSchema.optional(),
});

/** What a file has. */
export interface AccountFile {
  accounts: AccountSettings[];
  /** Opened by {@link openKeys}. */
  keys?: SealedKeys & { /** What was sealed together with the keys. */ beside: string };
}

/** What to do with what a file has. */
export interface ImportPlan {
  /** For accounts whose id is here already; `both` gives the one of the file a new id. */
  known: 'skip' | 'replace' | 'both';
  /** Opens the file's keys; absent: the keys stay in the file. */
  passphrase?: string;
}

/** What came of an import: ids. */
export interface ImportResult {
  added: string[];
  replaced: string[];
  skipped: string[];
  /** Among the added and replaced ones: those that need a key and have none. They are switched off. */
  keyless: string[];
}

/** A file that cannot be read, or keys that do not open. The message is for a person. */
export class AccountFileError extends Error {
  override name = 'AccountFileError';
  constructor(
    readonly code: 'MALFORMED' | 'WRONG_PASSPHRASE' | 'WEAK_PASSPHRASE',
    message: string,
  ) {
    super(message);
  }
}

/**
 * The text of a file with these accounts.
 * @param passphrase seals the accounts' keys into it; without one no key gets into the file
 * @throws AccountFileError when the passphrase is shorter than {@link SHORTEST_PASSPHRASE}
 */
export async function writeAccountFile(accounts: readonly Account[], passphrase?: string): Promise<string> {
  const plain = accounts.map(({ key: _, ...account }) => account);
  const file: z.input<typeof fileSchema> = { format: 'portside-accounts', version: 1, accounts: plain };
  if (passphrase !== undefined) {
    const keys = Object.fromEntries(accounts.filter(({ key }) => key).map(({ id, key }) => [id, key]));
    file.keys = await seal(keys, passphrase, JSON.stringify(plain));
  }
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * Reads the text of a file; opens no keys.
 * @throws AccountFileError that names the first bad field and quotes nothing
 */
export function readAccountFile(text: string): AccountFile {
  const json = parseJson(text);
  const { format, version, accounts } = (json ?? {}) as Record<string, unknown>;
  if (format !== 'portside-accounts') throw malformed('this is no file of accounts of Portside');
  if (version !== 1) throw malformed('this version of the file is not known; a newer Portside may read it');
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw malformed(`${issue?.path.join('.')}: ${issue?.message}`);
  }
  const ids = new Set<string>();
  for (const account of parsed.data.accounts) {
    const problem = ids.has(account.id)
      ? `the account id "${account.id}" is used twice`
      : accountProblem(account);
    if (problem) throw malformed(problem);
    ids.add(account.id);
  }
  const { keys } = parsed.data;
  return {
    accounts: parsed.data.accounts,
    ...(keys && { keys: { ...keys, beside: JSON.stringify(accounts) } }),
  };
}

/**
 * Opens the keys of a file.
 * @returns each account's id with its key
 * @throws AccountFileError when the passphrase is another, or anything in the file was changed
 */
export async function openKeys(
  keys: NonNullable<AccountFile['keys']>,
  passphrase: string,
): Promise<Map<string, string>> {
  const [salt, iv, tag, data] = [keys.salt, keys.iv, keys.tag, keys.data].map((part) =>
    Buffer.from(part, 'base64'),
  ) as [Buffer, Buffer, Buffer, Buffer];
  const decipher = createDecipheriv(CIPHER, await derive(passphrase, salt, keys), iv);
  decipher.setAAD(Buffer.from(keys.beside));
  decipher.setAuthTag(tag);
  let opened: string;
  try {
    opened = Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
  } catch {
    throw new AccountFileError(
      'WRONG_PASSPHRASE',
      'The keys do not open: the passphrase is wrong, or the file was changed.',
    );
  }
  const parsed = z.record(z.string(), z.string()).safeParse(parseJson(opened));
  if (!parsed.success) throw malformed('its keys are not readable');
  return new Map(Object.entries(parsed.data));
}

async function seal(keys: Record<string, string>, passphrase: string, beside: string): Promise<SealedKeys> {
  if (passphrase.length < SHORTEST_PASSPHRASE)
    throw new AccountFileError(
      'WEAK_PASSPHRASE',
      `The passphrase must have at least ${SHORTEST_PASSPHRASE} characters.`,
    );
  const salt = randomBytes(16);
  const iv = randomBytes(12);
  const cipher = createCipheriv(CIPHER, await derive(passphrase, salt, COST), iv);
  cipher.setAAD(Buffer.from(beside));
  const data = Buffer.concat([cipher.update(JSON.stringify(keys), 'utf8'), cipher.final()]);
  const text = (bytes: Buffer) => bytes.toString('base64');
  return {
    kdf: 'scrypt',
    ...COST,
    salt: text(salt),
    iv: text(iv),
    tag: text(cipher.getAuthTag()),
    data: text(data),
  };
}

/** Off the main thread: it takes a good part of a second. */
function derive(
  passphrase: string,
  salt: Buffer,
  { N, r, p }: { N: number; r: number; p: number },
): Promise<Buffer> {
  if (128 * N * r > MOST_MEMORY) return Promise.reject(malformed('keys: they would take too much memory'));
  return new Promise((resolve, reject) => {
    // The same letters can be typed as other code points; Node wants a little more than the bare need.
    scrypt(
      passphrase.normalize('NFC'),
      salt,
      32,
      { N, r, p, maxmem: MOST_MEMORY + 1024 * 1024 },
      (error, key) => {
        if (error) reject(error);
        else resolve(key);
      },
    );
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // The parser's words may quote the text.
    throw malformed('it is not valid JSON');
  }
}

const malformed = (reason: string): AccountFileError =>
  new AccountFileError('MALFORMED', `The file cannot be imported: ${reason}.`);
