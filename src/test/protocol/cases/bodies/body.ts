import type { Dialect } from '../../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../../shared/json';

/** A request as a real agent shapes it; `model` is put in where it is sent. */
export interface AgentBody {
  name: string;
  /** The client's protocol. */
  client: Dialect;
  body: JsonObject;
  headers?: Record<string, string>;
  /** Texts that must reach every account, wherever they stand there. */
  says?: string[];
  /** Texts that must reach no account of another protocol. */
  never?: string[];
  /** Accounts of these protocols cannot serve it: Portside itself says 400, with these words. */
  refused?: Partial<Record<Dialect, RegExp>>;
}

/** A PNG of one pixel, base64. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
/** A PDF that says nothing, base64. */
export const PDF = 'JVBERi0xLjQKJSVFT0YK';

export const READ_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    file_path: { type: 'string', description: 'The absolute path' },
    offset: { type: 'integer', exclusiveMinimum: 0, maximum: 9007199254740991 },
  },
  required: ['file_path'],
  additionalProperties: false,
};
