import type { RecordedRequest } from '../../support/upstream/scripted-upstream';
import type { Ask, Turn } from './neutral';
import { readAnthropic } from './read-anthropic';
import { readGemini } from './read-gemini';
import { readOpenaiChat } from './read-openai-chat';
import { readOpenaiResponses } from './read-openai-responses';

/** The request that an upstream got, as a conversation. Throws where that upstream would have refused it. */
export function readRequest(request: Pick<RecordedRequest, 'dialect' | 'json'>): Ask {
  const ask = read(request);
  checkAnswers(ask.turns);
  return ask;
}

/** All protocols want each call answered before anything else is said, and nothing answered that was not called. */
function checkAnswers(turns: Turn[]): void {
  let open: string[] = [];
  for (const turn of turns) {
    if (turn.role === 'assistant') {
      // Calls of one turn may come as items of their own.
      open.push(...(turn.calls ?? []).map((call) => call.id));
      continue;
    }
    if (turn.role !== 'tool') {
      if (open.length > 0) throw new Error(`${turn.role} speaks before ${open.join(', ')} is answered`);
      continue;
    }
    for (const { id } of turn.results) {
      if (!open.includes(id)) throw new Error(`${id} is answered, but was not called`);
      open = open.filter((one) => one !== id);
    }
  }
  if (open.length > 0) throw new Error(`${open.join(', ')} is not answered`);
}

function read({ dialect, json }: Pick<RecordedRequest, 'dialect' | 'json'>): Ask {
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
