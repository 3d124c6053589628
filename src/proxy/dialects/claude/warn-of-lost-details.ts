import type { Warn } from '../adapter';
import type { Message } from '../canonical';

/**
 * Warns of what the API's blocks have no place for: text of white space only ("text content blocks must contain
 * non-whitespace text"), once for all of it, and the detail in which an image is to be seen.
 * https://platform.claude.com/docs/en/api/messages#body-messages
 * @param noDetail says that images have no detail here
 */
export function warnOfLostDetails(messages: readonly Message[], noDetail: string, warn: Warn): void {
  let blank: string | undefined;
  for (const [index, message] of messages.entries()) {
    const parts = message.content.flatMap((part) => (part.type === 'tool-result' ? part.content : [part]));
    for (const part of parts) {
      if (part.type === 'text' && part.text !== '' && part.text.trim() === '') blank ??= `messages[${index}]`;
      if (part.type === 'file' && part.detail !== undefined && part.detail !== 'auto')
        warn({
          type: 'dropped',
          field: `messages[${index}].detail`,
          message: noDetail,
        });
    }
  }
  if (blank !== undefined)
    warn({ type: 'dropped', field: blank, message: 'Text of white space only is refused and was left out.' });
}
