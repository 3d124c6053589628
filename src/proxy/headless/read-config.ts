/** The JSON file of `serve --config` (SPEC §9). */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type * as z from 'zod';
import { isObject } from '../../shared/json';
import { proxySettingsSchema, type ProxySettings } from '../../shared/settings';
import { jsonErrorOffset } from '../stream/json-error-offset';

/** What a configuration file says. */
export interface FileConfig {
  settings: ProxySettings;
  /** Whether the text says how upstreams are reached; if not, the environment does. */
  hasNetwork: boolean;
}

/** Puts environment variables where a value says `${env:NAME}`. Throws when one is not set. */
function fillEnvironment(value: unknown, environment: NodeJS.ProcessEnv, path: string): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g, (_whole, name: string) => {
      const found = environment[name];
      if (found === undefined) throw new Error(`${path}: the environment variable ${name} is not set`);
      return found;
    });
  }
  if (Array.isArray(value))
    return value.map((each, index) => fillEnvironment(each, environment, `${path}[${index}]`));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [
        key,
        fillEnvironment(each, environment, path ? `${path}.${key}` : key),
      ]),
    );
  }
  return value;
}

/** What is wrong with settings, in one line: each field with its problem, without its value. */
export function problemsIn({ issues }: z.ZodError): string {
  return issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message))
    .join('; ');
}

/** Reads a configuration's text. Throws an error whose message names the file's field; it never holds a value. */
export function parseConfig(text: string, environment: NodeJS.ProcessEnv): FileConfig {
  const plain = text.replace(/^\uFEFF/, '');
  let json: unknown;
  try {
    json = JSON.parse(plain);
  } catch {
    // The parser's words may quote the text, and keys stand there.
    throw new Error(`not valid JSON (at position ${jsonErrorOffset(plain) ?? plain.length})`);
  }
  const parsed = proxySettingsSchema.safeParse(fillEnvironment(json, environment, ''));
  if (!parsed.success) throw new Error(problemsIn(parsed.error));
  const hasNetwork = isObject(json) && json.network !== undefined;
  return { settings: parsed.data, hasNetwork };
}

/** Reads a configuration file; the monitor's database stands beside it. Throws with the file's name in the message. */
export function readConfig(file: string, environment: NodeJS.ProcessEnv): FileConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`cannot read ${file}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`, {
      cause: error,
    });
  }
  try {
    const config = parseConfig(text, environment);
    const { monitor } = config.settings;
    if (monitor.file !== undefined) monitor.file = resolve(dirname(file), monitor.file);
    return config;
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}
