import { isObject } from '../../shared/json';
import { NotFoundError } from '../errors';
import { parseObject, type Incoming } from './incoming';

/**
 * Refuses a turn that brings its own messages alone and leaves the rest to the server (`thread: {type: "continue"}`):
 * only the account that holds the conversation can answer it. Clients send the whole conversation again after this
 * error, as they do when a thread has expired.
 * https://platform.claude.com/docs/en/build-with-claude/message-threads
 * @throws NotFoundError `thread_not_found`
 */
export function refuseHeldThread(incoming: Incoming): void {
  if (!incoming.body.includes('"previous_message_id"')) return;
  const { thread } = parseObject(incoming.body);
  if (!isObject(thread) || thread.type !== 'continue') return;
  throw new NotFoundError(
    `The thread of the message "${String(thread.previous_message_id).slice(0, 100)}" is not held here. ` +
      'Send the full conversation with "thread": {"type": "create"}, or without "thread".',
    'thread_not_found',
  );
}
