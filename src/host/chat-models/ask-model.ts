import type { CancellationToken } from 'vscode';
import type { JsonObject } from '../../shared/json';
import { askProxy, type ProxyAddress } from './ask-proxy';
import { type AnswerPart, ChatAnswerReader } from './read-chat-answer';

/**
 * Sends a streamed chat completion to the proxy and tells the parts of its answer, until that is whole.
 * @param token breaks the request off, at the upstream, too
 * @throws what {@link askProxy} and {@link ChatAnswerReader} throw
 */
export async function askModel(
  proxy: ProxyAddress,
  body: JsonObject,
  tell: (part: AnswerPart) => void,
  token: CancellationToken,
): Promise<void> {
  const leaving = new AbortController();
  const cancelled = token.onCancellationRequested(() => leaving.abort());
  if (token.isCancellationRequested) leaving.abort();
  const reader = new ChatAnswerReader(tell);
  try {
    await askProxy(proxy, body, (data) => reader.take(data), leaving.signal);
    reader.end();
  } finally {
    cancelled.dispose();
  }
}
