/** What becomes of a request on its way, where not all of it can be carried. */
import type { Dialect } from '../../../proxy/dialects/canonical';
import type { Ask, Part, Turn } from './neutral';

/** Without these settings. */
export const without =
  (...names: (keyof Ask)[]) =>
  (ask: Ask): Ask =>
    Object.fromEntries(
      Object.entries(ask).filter(([name]) => !names.includes(name as keyof Ask)),
    ) as unknown as Ask;

/** Every turn, changed. */
export const eachTurn = (ask: Ask, change: (turn: Turn, index: number) => Turn[]): Ask => ({
  ...ask,
  turns: ask.turns.flatMap(change),
});

/** Every part of the user's, changed. */
export const eachPart = (ask: Ask, change: (part: Part) => Part[]): Ask =>
  eachTurn(ask, (turn) => [turn.role === 'user' ? { ...turn, parts: turn.parts.flatMap(change) } : turn]);

/** Text of the user. */
export const asUser = (text: string): Turn => ({ role: 'user', parts: [{ type: 'text', text }] });
/** What stands where a protocol demands a message of the user. */
export const PLACEHOLDER = asUser('(The conversation continues.)');

/** JSON asked for in words. */
export const inWords = (ask: Ask): Ask => ({
  ...ask,
  turns: [{ role: 'system', texts: ['Answer with one JSON object and nothing else.'] }, ...ask.turns],
});

/** System messages behind the first ones as text of the user. */
export const lateSystemAsUser = (ask: Ask, upstream: Dialect): Ask =>
  eachTurn(ask, (turn, index) => {
    if (turn.role !== 'system' || ask.turns.slice(0, index).every((one) => one.role === 'system'))
      return [turn];
    const text = turn.texts.join('\n\n');
    return [
      {
        role: 'user',
        parts: [{ type: 'text', text: upstream === 'gemini' ? text : `<system>\n${text}\n</system>` }],
      },
    ];
  });

/** Files of tool results in a message of the user behind them. */
export const filesBehindResults = (ask: Ask): Ask => {
  const names = new Map(
    ask.turns.flatMap((turn) =>
      turn.role === 'assistant' ? (turn.calls ?? []).map((call) => [call.id, call.name] as const) : [],
    ),
  );
  return eachTurn(ask, (turn) => {
    if (turn.role !== 'tool') return [turn];
    const moved: Part[] = [];
    const results = turn.results.map((result) => {
      const files = result.parts.filter((part) => part.type !== 'text');
      if (files.length === 0) return result;
      const label = `[Files of the result of the tool call ${result.id} (${names.get(result.id)})]`;
      moved.push({ type: 'text', text: label }, ...files);
      const notice = `[${files.length} file(s) of this result follow in the next user message.]`;
      return {
        ...result,
        parts: [
          ...result.parts.filter((part) => part.type === 'text'),
          { type: 'text' as const, text: notice },
        ],
      };
    });
    return [
      { role: 'tool', results },
      ...(moved.length > 0 ? [{ role: 'user' as const, parts: moved }] : []),
    ];
  });
};

/** Free-text tools as functions with one string. */
export const freeTextAsFunction = (ask: Ask): Ask => ({
  ...ask,
  tools: (ask.tools ?? []).map(({ custom, ...tool }) =>
    custom
      ? {
          ...tool,
          ...(custom.grammar && {
            description: `${tool.description}\n\nThe input must follow this lark grammar:\n${custom.grammar}`,
          }),
          parameters: {
            type: 'object',
            properties: {
              input: { type: 'string', description: 'The whole input of the tool, as plain text.' },
            },
            required: ['input'],
            additionalProperties: false,
          },
        }
      : tool,
  ),
  turns: ask.turns.map((turn) =>
    turn.role === 'assistant'
      ? {
          ...turn,
          calls: (turn.calls ?? []).map(({ custom, ...call }) =>
            custom ? { ...call, input: JSON.stringify({ input: call.input }) } : call,
          ),
        }
      : turn,
  ),
});

/** Images by URL in tool results as the user's, behind the results. */
export const linksBehindResults = (ask: Ask): Ask =>
  eachTurn(ask, (turn) => {
    if (turn.role !== 'tool') return [turn];
    const isLink = (part: Part) => part.type === 'image' && part.url !== undefined;
    return [
      {
        role: 'tool',
        results: turn.results.map((result) => ({
          ...result,
          parts: result.parts.filter((part) => !isLink(part)),
        })),
      },
      { role: 'user', parts: turn.results.flatMap((result) => result.parts.filter(isLink)) },
    ];
  });
