/** A chat completion request, as the `openai` package sends it. */
import type { JsonObject } from '../../../shared/json';
import type { Ask, Call, Part, Tool, Turn } from './neutral';

/** Texts alone are a string, as people write it; anything else is a list of parts. */
function content(parts: Part[]): JsonObject[] | string {
  const [only] = parts;
  if (parts.length === 1 && only?.type === 'text') return only.text;
  return parts.map((part): JsonObject => {
    switch (part.type) {
      case 'text':
        return { type: 'text', text: part.text };
      case 'image':
        return {
          type: 'image_url',
          image_url: {
            url: part.url ?? `data:${part.mediaType};base64,${part.data}`,
            ...(part.detail && { detail: part.detail }),
          },
        };
      case 'pdf':
        return {
          type: 'file',
          file: {
            filename: part.name ?? 'document.pdf',
            file_data: `data:application/pdf;base64,${part.data}`,
          },
        };
      case 'audio':
        return { type: 'input_audio', input_audio: { data: part.data, format: 'wav' } };
    }
  });
}

function writeCall({ id, name, input, custom }: Call): JsonObject {
  return custom
    ? { id, type: 'custom', custom: { name, input } }
    : { id, type: 'function', function: { name, arguments: input } };
}

function messages(turn: Turn): JsonObject[] {
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
    case 'assistant':
      return [
        {
          role: 'assistant',
          content: turn.text ?? null,
          ...(turn.refusal !== undefined && { refusal: turn.refusal }),
          ...(turn.calls && { tool_calls: turn.calls.map(writeCall) }),
        },
      ];
    case 'tool':
      return turn.results.map((result) => ({
        role: 'tool',
        tool_call_id: result.id,
        content: content(result.parts),
      }));
  }
}

function writeTool({ name, description, parameters, strict, custom }: Tool): JsonObject {
  const named = { name, ...(description !== undefined && { description }) };
  if (custom)
    return {
      type: 'custom',
      custom: {
        ...named,
        ...(custom.grammar !== undefined && {
          format: { type: 'grammar', grammar: { syntax: 'lark', definition: custom.grammar } },
        }),
      },
    };
  return {
    type: 'function',
    function: { ...named, ...(parameters && { parameters }), ...(strict && { strict }) },
  };
}

function choice(given: Ask['choice'], tools: Tool[] = []): JsonObject | string | undefined {
  if (typeof given !== 'object') return given;
  if ('some' in given)
    return {
      type: 'allowed_tools',
      allowed_tools: {
        mode: 'required',
        tools: given.some.map((name) => ({ type: 'function', function: { name } })),
      },
    };
  const kind = tools.find((tool) => tool.name === given.tool)?.custom ? 'custom' : 'function';
  return { type: kind, [kind]: { name: given.tool } };
}

/** The body of `POST /v1/chat/completions`. */
export function writeOpenaiChat(ask: Ask, model: string, stream: boolean): JsonObject {
  const body = {
    model,
    messages: ask.turns.flatMap(messages),
    tools: ask.tools?.map(writeTool),
    web_search_options: ask.webSearch ? {} : undefined,
    tool_choice: choice(ask.choice, ask.tools),
    parallel_tool_calls: ask.parallel,
    max_completion_tokens: ask.maxTokens,
    temperature: ask.temperature,
    top_p: ask.topP,
    stop: ask.stop,
    seed: ask.seed,
    presence_penalty: ask.presencePenalty,
    frequency_penalty: ask.frequencyPenalty,
    n: ask.n,
    logprobs: ask.logprobs === undefined ? undefined : true,
    top_logprobs: ask.logprobs,
    response_format:
      ask.format === 'json'
        ? { type: 'json_object' }
        : ask.format && { type: 'json_schema', json_schema: { ...ask.format, strict: true } },
    reasoning_effort: ask.thinking?.effort,
    user: ask.userId,
    prompt_cache_key: ask.cacheKey,
    ...(stream && { stream, stream_options: { include_usage: true } }),
  };
  return JSON.parse(JSON.stringify(body)) as JsonObject;
}
