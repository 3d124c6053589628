/** A Messages request, as the `@anthropic-ai/sdk` package sends it. */
import type { JsonObject } from '../../../shared/json';
import type { Ask, Part, Turn } from './neutral';

const MARK = { cache_control: { type: 'ephemeral' } };

function block(part: Part): JsonObject {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text, ...(part.cached && MARK) };
    case 'image':
      return {
        type: 'image',
        source: part.url
          ? { type: 'url', url: part.url }
          : { type: 'base64', media_type: part.mediaType, data: part.data },
      };
    case 'pdf':
      return {
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: part.data },
        ...(part.name !== undefined && { title: part.name }),
      };
    case 'audio':
      throw new Error('the Messages API takes no audio');
  }
}

function content(parts: Part[]): JsonObject[] | string {
  const [only] = parts;
  return parts.length === 1 && only?.type === 'text' && !only.cached ? only.text : parts.map(block);
}

function message(turn: Turn): JsonObject {
  switch (turn.role) {
    case 'system':
      return { role: 'system', content: turn.texts.join('\n\n') };
    case 'user':
      return { role: 'user', content: content(turn.parts) };
    case 'assistant':
      return {
        role: 'assistant',
        content: [
          ...(turn.text ? [{ type: 'text', text: turn.text }] : []),
          ...(turn.calls ?? []).map(({ id, name, input }) => ({
            type: 'tool_use',
            id,
            name,
            input: JSON.parse(input) as JsonObject,
          })),
        ],
      };
    case 'tool':
      return {
        role: 'user',
        content: turn.results.map((result) => ({
          type: 'tool_result',
          tool_use_id: result.id,
          content: content(result.parts),
          ...(result.error && { is_error: true }),
        })),
      };
  }
}

/** Results and what the user adds to them are one message. */
function join(messages: JsonObject[]): JsonObject[] {
  const joined: JsonObject[] = [];
  for (const one of messages) {
    const last = joined.at(-1);
    if (last?.role === 'user' && one.role === 'user' && Array.isArray(last.content)) {
      last.content.push(
        ...(Array.isArray(one.content) ? one.content : [{ type: 'text', text: one.content }]),
      );
    } else joined.push(one);
  }
  return joined;
}

const CHOICES = { auto: 'auto', none: 'none', required: 'any' } as const;

function choice({ choice: given, parallel }: Ask): JsonObject | undefined {
  const calm = parallel === false ? { disable_parallel_tool_use: true } : {};
  if (given === undefined) return parallel === false ? { type: 'auto', ...calm } : undefined;
  if (typeof given !== 'object') return { type: CHOICES[given], ...calm };
  if ('some' in given) throw new Error('the Messages API has no such choice');
  return { type: 'tool', name: given.tool, ...calm };
}

/** The body of `POST /v1/messages`. */
export function writeAnthropic(ask: Ask, model: string, stream: boolean): JsonObject {
  const lead = ask.turns.findIndex((turn) => turn.role !== 'system');
  const system = ask.turns.slice(0, lead).flatMap((turn) => (turn.role === 'system' ? [turn] : []));
  const texts = system.flatMap((turn) =>
    turn.texts.map((text) => ({ type: 'text', text, ...(turn.cached && MARK) })),
  );
  const config = {
    ...(ask.thinking?.effort !== undefined &&
      ask.thinking.effort !== 'none' && { effort: ask.thinking.effort }),
    ...(typeof ask.format === 'object' && { format: { type: 'json_schema', schema: ask.format.schema } }),
  };
  const body = {
    model,
    max_tokens: ask.maxTokens,
    system: texts.length === 1 && !system[0]?.cached ? texts[0]?.text : texts.length > 0 ? texts : undefined,
    messages: join(ask.turns.slice(lead).map(message)),
    tools: ask.webSearch
      ? [{ type: 'web_search_20250305', name: 'web_search' }]
      : ask.tools?.map(({ name, description, parameters, strict, cached }) => ({
          name,
          ...(description !== undefined && { description }),
          input_schema: parameters ?? { type: 'object', properties: {} },
          ...(strict && { strict }),
          ...(cached && MARK),
        })),
    tool_choice: choice(ask),
    temperature: ask.temperature,
    top_p: ask.topP,
    top_k: ask.topK,
    stop_sequences: ask.stop,
    thinking:
      ask.thinking?.effort === 'none'
        ? { type: 'disabled' }
        : ask.thinking?.budget !== undefined
          ? { type: 'enabled', budget_tokens: ask.thinking.budget }
          : ask.thinking && { type: 'adaptive' },
    output_config: Object.keys(config).length > 0 ? config : undefined,
    metadata: ask.userId === undefined ? undefined : { user_id: ask.userId },
    ...(stream && { stream }),
  };
  return JSON.parse(JSON.stringify(body)) as JsonObject;
}
