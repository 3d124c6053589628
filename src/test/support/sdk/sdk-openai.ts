/** The `openai` package as a client. */
import OpenAI from 'openai';
import type { ChatCompletion, ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import type { JsonObject } from '../../../shared/json';
import { ANY_KEY, runTool } from './sdk-clients';
import type { Question, Told } from './sdk-clients';

/** A client for the proxy; retries are off so that a test sees the first answer. */
export function openaiClient(baseUrl: string, key = ANY_KEY): OpenAI {
  return new OpenAI({ baseURL: `${baseUrl}/v1`, apiKey: key, maxRetries: 0 });
}

/** Asks through chat completions and answers tool calls until there is text. Throws the SDK's own errors. */
export async function askOpenai(question: Question): Promise<Told> {
  const client = openaiClient(question.baseUrl, question.key);
  const messages: ChatCompletionMessageParam[] = [];
  if (question.system) messages.push({ role: 'system', content: question.system });
  messages.push({
    role: 'user',
    content: question.image
      ? [
          { type: 'text', text: question.prompt },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${question.image}` } },
        ]
      : question.prompt,
  });
  const told: Told = { text: '', calls: [], stop: '', usage: { input: 0, output: 0 }, model: '' };
  for (;;) {
    const request = {
      model: question.model,
      messages,
      max_completion_tokens: 1000,
      ...(question.tools && {
        tools: question.tools.map(({ name, description, parameters }) => ({
          type: 'function' as const,
          function: { name, description, parameters },
        })),
      }),
    };
    const options = question.signal ? { signal: question.signal } : {};
    const completion: ChatCompletion = question.stream
      ? await client.chat.completions
          .stream({ ...request, stream_options: { include_usage: true } }, options)
          .finalChatCompletion()
      : await client.chat.completions.create(request, options);
    const choice = completion.choices[0];
    if (!choice) throw new Error('no choice in the answer');
    told.text = choice.message.content ?? '';
    told.stop = choice.finish_reason;
    told.model = completion.model;
    told.usage = {
      input: completion.usage?.prompt_tokens ?? -1,
      output: completion.usage?.completion_tokens ?? -1,
    };
    const calls = choice.message.tool_calls ?? [];
    if (calls.length === 0) return told;
    messages.push(choice.message);
    for (const call of calls) {
      if (call.type !== 'function') throw new Error(`a call of type ${call.type}`);
      const input = JSON.parse(call.function.arguments) as JsonObject;
      told.calls.push({ id: call.id, name: call.function.name, input });
      messages.push({
        role: 'tool',
        tool_call_id: call.id,
        content: runTool(question.tools, call.function.name, input),
      });
    }
  }
}
