/** The `@anthropic-ai/sdk` package as a client. */
import Anthropic from '@anthropic-ai/sdk';
import type { ContentBlockParam, MessageParam } from '@anthropic-ai/sdk/resources/messages';
import type { JsonObject } from '../../../shared/json';
import { ANY_KEY, runTool } from './sdk-clients';
import type { Question, Told } from './sdk-clients';

/** A client for the proxy; retries are off so that a test sees the first answer. */
export function anthropicClient(baseUrl: string, key = ANY_KEY): Anthropic {
  return new Anthropic({ baseURL: baseUrl, apiKey: key, maxRetries: 0 });
}

/** Asks through messages and answers tool calls until there is text. Throws the SDK's own errors. */
export async function askAnthropic(question: Question): Promise<Told> {
  const client = anthropicClient(question.baseUrl, question.key);
  const content: ContentBlockParam[] = [{ type: 'text', text: question.prompt }];
  if (question.image)
    content.push({
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: question.image },
    });
  const messages: MessageParam[] = [{ role: 'user', content }];
  const told: Told = { text: '', calls: [], stop: '', usage: { input: 0, output: 0 }, model: '' };
  for (;;) {
    const request = {
      model: question.model,
      max_tokens: 1000,
      messages,
      ...(question.system && { system: question.system }),
      ...(question.tools && {
        tools: question.tools.map(({ name, description, parameters }) => ({
          name,
          description,
          input_schema: { type: 'object' as const, ...parameters },
        })),
      }),
    };
    const options = question.signal ? { signal: question.signal } : {};
    const message = question.stream
      ? await client.messages.stream(request, options).finalMessage()
      : await client.messages.create(request, options);
    told.text = message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    told.stop = message.stop_reason ?? '';
    told.model = message.model;
    const { usage } = message;
    told.usage = {
      input:
        usage.input_tokens + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0),
      output: usage.output_tokens,
    };
    const calls = message.content.filter((block) => block.type === 'tool_use');
    if (calls.length === 0) return told;
    messages.push({ role: 'assistant', content: message.content });
    const results: ContentBlockParam[] = [];
    for (const call of calls) {
      const input = call.input as JsonObject;
      told.calls.push({ id: call.id, name: call.name, input });
      results.push({
        type: 'tool_result',
        tool_use_id: call.id,
        content: runTool(question.tools, call.name, input),
      });
    }
    messages.push({ role: 'user', content: results });
  }
}
