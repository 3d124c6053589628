/**
 * Conversations with tools as clients of three protocols lead them: each step sends the whole history, in the form in
 * which that kind of client keeps it.
 */
import type Anthropic from '@anthropic-ai/sdk';
import type OpenAI from 'openai';
import type { Json, JsonObject } from '../../shared/json';
import { isObject } from '../../shared/json';
import { anthropicClient } from './sdk/sdk-anthropic';
import { openaiClient } from './sdk/sdk-openai';

/** One conversation. The proxy may be another at every step. */
export interface ToolSession {
  /** Asks once; calls of the answer are answered by the next step, otherwise it goes on with a question. */
  step(baseUrl: string, model: string): Promise<void>;
  /** The answers as the client keeps them. */
  readonly answers: Json[];
}

export interface SessionOptions {
  stream: boolean;
  /** The client asks for reasoning in its own words. */
  thinks?: boolean;
}

const TOOLS = ['f', 'g'];
const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;
const objects = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

/** A client with the `openai` package that keeps content and calls, as most agents do: no reasoning. */
export function openaiSession({ stream }: SessionOptions): ToolSession {
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Begin' }];
  const answers: Json[] = [];
  return {
    answers,
    async step(baseUrl, model) {
      const client = openaiClient(baseUrl);
      const request = {
        model,
        messages,
        tools: TOOLS.map((name) => ({ type: 'function' as const, function: { name, parameters: {} } })),
      };
      const completion = stream
        ? await client.chat.completions.stream(request).finalChatCompletion()
        : await client.chat.completions.create(request);
      const { content, tool_calls: given } = completion.choices[0]!.message;
      const calls = (given ?? []).flatMap((call) =>
        call.type === 'function'
          ? [
              {
                id: call.id,
                type: call.type,
                function: { name: call.function.name, arguments: call.function.arguments },
              },
            ]
          : [],
      );
      messages.push({ role: 'assistant', content, ...(calls.length > 0 && { tool_calls: calls }) });
      answers.push(plain(messages.at(-1)));
      for (const { id } of calls) messages.push({ role: 'tool', tool_call_id: id, content: 'done' });
      if (calls.length === 0) messages.push({ role: 'user', content: 'Go on' });
    },
  };
}

/** A client of the Responses API with the `openai` package that keeps every item and lets the server store nothing, as Codex does. */
export function responsesSession({ stream }: SessionOptions): ToolSession {
  const input: OpenAI.Responses.ResponseInputItem[] = [{ role: 'user', content: 'Begin' }];
  const answers: Json[] = [];
  return {
    answers,
    async step(baseUrl, model) {
      const client = openaiClient(baseUrl);
      const request = {
        model,
        input,
        store: false,
        include: ['reasoning.encrypted_content' as const],
        reasoning: { summary: 'auto' as const },
        tools: TOOLS.map((name) => ({
          type: 'function' as const,
          name,
          parameters: { type: 'object' },
          strict: false,
        })),
      };
      const { output } = stream
        ? await client.responses.stream(request).finalResponse()
        : await client.responses.create(request);
      const items = objects(plain(output)).map(({ parsed_arguments: _parsed, ...item }) => item);
      answers.push(items);
      input.push(...(items as never[]));
      const calls = items.filter((item) => item['type'] === 'function_call');
      for (const { call_id: id } of calls)
        input.push({ type: 'function_call_output', call_id: String(id), output: 'done' });
      if (calls.length === 0) input.push({ role: 'user', content: 'Go on' });
    },
  };
}

/** A client with the `@anthropic-ai/sdk` package that keeps the blocks as they came. */
export function anthropicSession({ stream, thinks = false }: SessionOptions): ToolSession {
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Begin' }];
  const answers: Json[] = [];
  return {
    answers,
    async step(baseUrl, model) {
      const client = anthropicClient(baseUrl);
      const request = {
        model,
        max_tokens: 4000,
        messages,
        tools: TOOLS.map((name) => ({ name, input_schema: { type: 'object' as const } })),
        ...(thinks && { thinking: { type: 'enabled' as const, budget_tokens: 2000 } }),
      };
      const { content } = stream
        ? await client.messages.stream(request).finalMessage()
        : await client.messages.create(request);
      const blocks = plain(content);
      answers.push(blocks);
      messages.push({ role: 'assistant', content: blocks as never });
      const calls = objects(blocks).filter((block) => block['type'] === 'tool_use');
      messages.push({
        role: 'user',
        content:
          calls.length === 0
            ? 'Go on'
            : calls.map(({ id }) => ({
                type: 'tool_result' as const,
                tool_use_id: String(id),
                content: 'done',
              })),
      });
    },
  };
}

/** The texts of a stream are one, except where a signature stands between. */
function joinTexts(parts: JsonObject[], part: JsonObject): JsonObject[] {
  const last = parts.at(-1);
  if (typeof part['text'] !== 'string' || typeof last?.['text'] !== 'string' || last['thoughtSignature'])
    return [...parts, part];
  return [...parts.slice(0, -1), { ...part, text: last['text'] + part['text'] }];
}

/** A client of generateContent that leaves thoughts out of its history and keeps all else, as Gemini CLI does. */
export function geminiSession({ stream, thinks = false }: SessionOptions): ToolSession {
  const contents: JsonObject[] = [{ role: 'user', parts: [{ text: 'Begin' }] }];
  const answers: Json[] = [];
  return {
    answers,
    async step(baseUrl, model) {
      const method = stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
      const response = await fetch(`${baseUrl}/v1beta/models/${model}:${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          contents,
          tools: [{ functionDeclarations: TOOLS.map((name) => ({ name })) }],
          ...(thinks && { generationConfig: { thinkingConfig: { includeThoughts: true } } }),
        }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.status}: ${text}`);
      const chunks = stream
        ? text
            .split(/\r?\n\r?\n/)
            .filter((event) => event !== '')
            .map((event) => JSON.parse(event.slice('data: '.length)) as JsonObject)
        : [JSON.parse(text) as JsonObject];
      const parts = chunks
        .flatMap(({ candidates }) => objects(candidates))
        .flatMap(({ content }) => (isObject(content) ? objects(content['parts']) : []))
        .filter((part) => part['thought'] !== true && (part['text'] !== '' || part['thoughtSignature']))
        .reduce(joinTexts, []);
      answers.push(parts);
      contents.push({ role: 'model', parts });
      const calls = parts.map((part) => part['functionCall']).filter(isObject);
      contents.push({
        role: 'user',
        parts:
          calls.length === 0
            ? [{ text: 'Go on' }]
            : calls.map(({ id, name }) => ({ functionResponse: { id, name, response: { output: 'done' } } })),
      });
    },
  };
}
