import type { AssistantMessage, Message, ToolCallPart, ToolResultPart } from './canonical';

/** A message with its position in the request; the results of an assistant's calls stand with it. */
export type Turn =
  | { kind: 'message'; message: Exclude<Message, { role: 'tool' | 'assistant' }>; index: number }
  | {
      kind: 'assistant';
      message: AssistantMessage;
      index: number;
      /** In the order of the calls; undefined where the conversation has none. */
      answered: { call: ToolCallPart; result: ToolResultPart | undefined }[];
    }
  | { kind: 'orphan'; result: ToolResultPart; index: number };

/**
 * Puts every tool result behind the assistant message that asked for it, as OpenAI demands: "An assistant message with
 * 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'" (chat completions), "No tool output
 * found for function call" (Responses). An assistant message that follows calls still without results belongs to the
 * same turn. Results that no call asked for are orphans. Nothing else moves.
 */
export function orderMessages(messages: Message[]): Turn[] {
  const turns: Turn[] = [];
  let last: Extract<Turn, { kind: 'assistant' }> | undefined;
  messages.forEach((message, index) => {
    switch (message.role) {
      case 'assistant': {
        const calls = message.content.filter((part) => part.type === 'tool-call');
        const answered = calls.map((call) => ({ call, result: undefined }));
        // Protocols that let a turn be written in several messages have the results of all its calls behind the last.
        if (last && last === turns.at(-1) && last.answered.some(({ result }) => !result)) {
          last.message = { ...last.message, content: [...last.message.content, ...message.content] };
          last.answered.push(...answered);
          return;
        }
        last = { kind: 'assistant', message, index, answered };
        turns.push(last);
        return;
      }
      case 'tool':
        for (const result of message.content) {
          const place = last?.answered.find(({ call, result: given }) => call.id === result.callId && !given);
          if (place) place.result = result;
          else turns.push({ kind: 'orphan', result, index });
        }
        return;
      case 'system':
      case 'user':
        turns.push({ kind: 'message', message, index });
        return;
    }
  });
  for (const turn of turns) if (turn.kind === 'assistant') nameApart(turn);
  return turns;
}

/** Calls of one turn that share an id get ids of their own, which results pair by: OpenAI would take them for one call. */
function nameApart(turn: Extract<Turn, { kind: 'assistant' }>): void {
  const taken = new Set(turn.answered.map(({ call }) => call.id));
  if (taken.size === turn.answered.length) return;
  const seen = new Set<string>();
  const renamed = new Map<ToolCallPart, ToolCallPart>();
  for (const place of turn.answered) {
    const { call } = place;
    if (seen.has(call.id)) {
      let id = call.id;
      for (let count = 2; taken.has(id); count++) id = `${call.id}_${count}`;
      taken.add(id);
      place.call = { ...call, id };
      renamed.set(call, place.call);
    }
    seen.add(call.id);
  }
  const content = turn.message.content.map((part) =>
    part.type === 'tool-call' ? (renamed.get(part) ?? part) : part,
  );
  turn.message = { ...turn.message, content };
}
