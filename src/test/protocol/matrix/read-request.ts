import type { RecordedRequest } from '../../support/scripted-upstream';
import type { Ask } from './neutral';
import { readAnthropic } from './read-anthropic';
import { readGemini } from './read-gemini';
import { readOpenaiChat } from './read-openai-chat';
import { readOpenaiResponses } from './read-openai-responses';

/** The request that an upstream got, as a conversation. Throws where that upstream would have refused it. */
export function readRequest({ dialect, json }: Pick<RecordedRequest, 'dialect' | 'json'>): Ask {
  switch (dialect) {
    case 'openai-chat':
      return readOpenaiChat(json);
    case 'openai-responses':
      return readOpenaiResponses(json);
    case 'anthropic':
      return readAnthropic(json);
    case 'gemini':
      return readGemini(json);
  }
}
