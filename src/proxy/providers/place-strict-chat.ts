import { isObject, type JsonObject } from '../../shared/json';
import type { DialectEndpoint } from './provider';

export interface StrictChat {
  /** Hints that the server refuses and that change nothing in the answer. */
  dropped: readonly string[];
  /** Fields that the server has under another name. */
  renamed?: Readonly<Record<string, string>>;
  /** Changes `messages` in place to what the server takes; says whether it did. */
  arrange?: (messages: JsonObject[]) => boolean;
}

/**
 * Makes the `place` of a chat completions server that answers 400 or 422 to fields it does not know. Bodies that hold none of
 * them go on byte for byte. Earlier reasoning of other servers' kind (`reasoning_content`) is one of them.
 */
export function placeStrictChat({
  dropped,
  renamed = {},
  arrange,
}: StrictChat): NonNullable<DialectEndpoint['place']> {
  const names = [...dropped, ...Object.keys(renamed), 'reasoning_content'].map((name) => `"${name}"`);
  return (call) => {
    const { path, body } = call;
    if (!body || !path.startsWith('/chat/completions')) return call;
    const holds = names.some((name) => body.includes(name));
    if (!holds && !(arrange && body.includes('"tool'))) return call;
    const parsed = parse(body);
    if (!parsed) return call;
    let changed = false;
    for (const name of dropped) {
      if (!(name in parsed)) continue;
      delete parsed[name];
      changed = true;
    }
    for (const [name, theirs] of Object.entries(renamed)) {
      if (!(name in parsed)) continue;
      parsed[theirs] ??= parsed[name];
      delete parsed[name];
      changed = true;
    }
    if (Array.isArray(parsed.messages)) {
      const messages = parsed.messages.filter(isObject);
      for (const message of messages) {
        if (!('reasoning_content' in message)) continue;
        delete message.reasoning_content;
        changed = true;
      }
      // What is no object is for the server to refuse.
      if (arrange && messages.length === parsed.messages.length && arrange(messages)) {
        parsed.messages = messages;
        changed = true;
      }
    }
    return changed ? { path, body: Buffer.from(JSON.stringify(parsed)) } : call;
  };
}

function parse(body: Buffer): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
