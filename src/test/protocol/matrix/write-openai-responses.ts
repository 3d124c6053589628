/** A Responses request, as the `openai` package sends it. */
import type { JsonObject } from '../../../shared/json';
import type { Ask, Call, Part, Tool, Turn } from './neutral';

function input(part: Part): JsonObject {
  switch (part.type) {
    case 'text':
      return { type: 'input_text', text: part.text };
    case 'image':
      return {
        type: 'input_image',
        image_url: part.url ?? `data:${part.mediaType};base64,${part.data}`,
        detail: part.detail ?? 'auto',
      };
    case 'pdf':
      return {
        type: 'input_file',
        filename: part.name ?? 'document.pdf',
        file_data: `data:application/pdf;base64,${part.data}`,
      };
    case 'audio':
      throw new Error('the Responses API takes no audio');
  }
}

/** Texts alone are a string, as people write it; anything else is a list of parts. */
function content(parts: Part[]): JsonObject[] | string {
  const [only] = parts;
  return parts.length === 1 && only?.type === 'text' ? only.text : parts.map(input);
}

function writeCall({ id, name, input: given, custom }: Call): JsonObject {
  return custom
    ? { type: 'custom_tool_call', call_id: id, name, input: given }
    : { type: 'function_call', call_id: id, name, arguments: given };
}

function items(turn: Turn, customIds: ReadonlySet<string>): JsonObject[] {
  switch (turn.role) {
    case 'system':
      return [
        {
          role: turn.developer ? 'developer' : 'system',
          content: content(turn.texts.map((text) => ({ type: 'text', text }))),
        },
      ];
    case 'user':
      return [{ role: 'user', content: content(turn.parts) }];
    case 'assistant': {
      const said: JsonObject[] = [];
      if (turn.text !== undefined) said.push({ type: 'output_text', text: turn.text, annotations: [] });
      if (turn.refusal !== undefined) said.push({ type: 'refusal', refusal: turn.refusal });
      return [
        ...(said.length > 0
          ? [{ type: 'message', role: 'assistant', status: 'completed', content: said }]
          : []),
        ...(turn.calls ?? []).map(writeCall),
      ];
    }
    case 'tool':
      return turn.results.map((result) => ({
        type: customIds.has(result.id) ? 'custom_tool_call_output' : 'function_call_output',
        call_id: result.id,
        output: content(result.parts),
      }));
  }
}

function writeTool({ name, description, parameters, strict, custom }: Tool): JsonObject {
  const named = { name, ...(description !== undefined && { description }) };
  if (custom)
    return {
      type: 'custom',
      ...named,
      ...(custom.grammar !== undefined && {
        format: { type: 'grammar', syntax: 'lark', definition: custom.grammar },
      }),
    };
  return {
    type: 'function',
    ...named,
    parameters: parameters ?? { type: 'object', properties: {} },
    strict: strict ?? false,
  };
}

function choice({ choice: given, tools = [] }: Ask): JsonObject | string | undefined {
  if (typeof given !== 'object') return given;
  if ('some' in given)
    return {
      type: 'allowed_tools',
      mode: 'required',
      tools: given.some.map((name) => ({ type: 'function', name })),
    };
  const custom = tools.find((tool) => tool.name === given.tool)?.custom;
  return { type: custom ? 'custom' : 'function', name: given.tool };
}

/** The body of `POST /v1/responses`. A first system turn goes into `instructions`, as agents do it. */
export function writeOpenaiResponses(ask: Ask, model: string, stream: boolean): JsonObject {
  const [first, ...rest] = ask.turns;
  const lead = first?.role === 'system' && first.texts.length === 1 && !first.developer ? first : undefined;
  const customIds = new Set(
    ask.turns.flatMap((turn) =>
      turn.role === 'assistant' ? (turn.calls ?? []).filter((one) => one.custom).map((one) => one.id) : [],
    ),
  );
  const { format } = ask;
  const body = {
    model,
    instructions: lead?.texts[0],
    input: (lead ? rest : ask.turns).flatMap((turn) => items(turn, customIds)),
    tools: ask.webSearch ? [{ type: 'web_search' }] : ask.tools?.map(writeTool),
    tool_choice: choice(ask),
    parallel_tool_calls: ask.parallel,
    max_output_tokens: ask.maxTokens,
    temperature: ask.temperature,
    top_p: ask.topP,
    top_logprobs: ask.logprobs,
    include: ask.logprobs === undefined ? undefined : ['message.output_text.logprobs'],
    text:
      format === 'json'
        ? { format: { type: 'json_object' } }
        : format && { format: { type: 'json_schema', ...format, strict: true } },
    reasoning: ask.thinking && { effort: ask.thinking.effort, summary: 'auto' },
    user: ask.userId,
    prompt_cache_key: ask.cacheKey,
    ...(stream && { stream }),
  };
  return JSON.parse(JSON.stringify(body)) as JsonObject;
}
