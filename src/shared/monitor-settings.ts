/** The monitor's settings (SPEC §6): schema, defaults, descriptions. */
import * as z from 'zod';

/** US dollars per million tokens. */
const dollars = z.number().min(0).max(1_000_000);

/** What a model costs, in US dollars per million tokens. What is absent is priced as `input` and `output` are. */
export const priceSchema = z.strictObject({
  input: dollars,
  output: dollars,
  /** Tokens of the prompt that were read from a cache. */
  cachedInput: dollars.optional(),
  /** Tokens of the prompt that were written to a cache. */
  cacheWrite: dollars.optional(),
});
export type UserPrice = z.infer<typeof priceSchema>;

export const monitorSchema = z.strictObject({
  enabled: z.boolean().default(true).describe('Whether requests are recorded.'),
  captureBodies: z
    .boolean()
    .default(false)
    .describe('Whether bodies and headers are kept, without keys and what looks like one.'),
  bodyLimitKiB: z
    .number()
    .positive()
    .max(102_400)
    .default(1024)
    .describe('Most that is kept of one body, in KiB.'),
  /** The database, for `serve`; the editor has its own place for it. */
  file: z.string().min(1).optional(),
  keepDays: z.number().positive().max(3650).default(30).describe('Records are deleted after so many days.'),
  maxRecords: z.int().min(100).max(1_000_000).default(100_000).describe('Most records that are kept.'),
  maxMiB: z
    .number()
    .min(8)
    .max(65_536)
    .default(512)
    .describe('Most that the database takes on disk, in MiB.'),
  /** Model name or `*` pattern, or `account/model` → its price. Wins over the table that ships. */
  prices: z.record(z.string().min(1), priceSchema).default({}),
});
export type MonitorSettings = z.infer<typeof monitorSchema>;
