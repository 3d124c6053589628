/** What names a conversation, so that it stays with its account (SPEC 5.4): the client's own word, else how it began. */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isObject } from '../../shared/json';
import { scanElements, scanMembers, type ValueSpan } from '../stream/scan-json';

/** Headers in which agents name their session: Claude Code, Codex and pi, OpenCode, Copilot. */
const HEADERS = [
  'x-claude-code-session-id',
  'session_id',
  'session-id',
  'x-session-id',
  'x-session-affinity',
  'conversation_id',
  'x-conversation-id',
  'x-interaction-id',
] as const;

const MEMBERS = new Set(['prompt_cache_key', 'metadata', 'session_id', 'messages', 'input', 'contents']);

/** Messages before the first of the user's that are looked over: system and developer prompts. */
const MOST_BEFORE = 8;
/** Bytes of a first message that tell it from others. */
const LONGEST_START = 65_536;

/**
 * The key of a request's conversation; undefined where nothing tells one from another.
 * @param body the request's JSON
 */
export function sessionKey(headers: IncomingHttpHeaders, body: Buffer): string | undefined {
  for (const name of HEADERS) {
    const value = headers[name];
    if (typeof value === 'string' && value) return hashed(`header ${value}`);
  }
  const members = scanMembers(body, MEMBERS);
  if (!members) return undefined;
  const told =
    textAt(body, members.get('prompt_cache_key')) ??
    textAt(body, members.get('session_id')) ??
    userIn(body, members.get('metadata'));
  if (told !== undefined) return hashed(`told ${told}`);
  const list = members.get('messages') ?? members.get('input') ?? members.get('contents');
  const start = list && beginning(body, list);
  return start === undefined ? undefined : hashed(`start ${start}`);
}

function hashed(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

function parsed(body: Buffer, span: ValueSpan): unknown {
  try {
    return JSON.parse(body.toString('utf8', span.start, span.end)) as unknown;
  } catch {
    return undefined;
  }
}

function textAt(body: Buffer, span: ValueSpan | undefined): string | undefined {
  const value = span && parsed(body, span);
  return typeof value === 'string' && value ? value : undefined;
}

/** Anthropic: `metadata.user_id`, in which Claude Code names its session. */
function userIn(body: Buffer, span: ValueSpan | undefined): string | undefined {
  const metadata = span && parsed(body, span);
  if (!isObject(metadata)) return undefined;
  const { user_id: user, session_id: session } = metadata;
  if (typeof session === 'string' && session) return session;
  return typeof user === 'string' && user ? user : undefined;
}

/**
 * The words of the first message of the user's. What stands before it is the same in all of an agent's conversations, and
 * what stands around the words (cache markers) moves from turn to turn.
 */
function beginning(body: Buffer, list: ValueSpan): string | undefined {
  // Responses: the same words stand in a message when the conversation goes on.
  if (body[list.start] === 0x22 && list.end - list.start <= LONGEST_START) return textAt(body, list);
  if (body[list.start] === 0x22) return body.toString('latin1', list.start, list.start + 4096);
  for (const span of scanElements(body, list.start, MOST_BEFORE)) {
    if (span.end - span.start > LONGEST_START) return body.toString('latin1', span.start, span.start + 4096);
    const message = parsed(body, span);
    if (!isObject(message)) continue;
    // Gemini leaves the role out where there is one message; Responses' items of other types have none.
    if (message.role !== 'user' && (message.role !== undefined || message.parts === undefined)) continue;
    const words = wordsOf(message.content ?? message.parts);
    if (words) return words;
  }
  return undefined;
}

function wordsOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('\n');
}
