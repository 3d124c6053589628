/** The `openai` package as a client of the Responses API. */
import type { Response, ResponseInput } from 'openai/resources/responses/responses';
import type { JsonObject } from '../../../shared/json';
import { runTool } from './sdk-clients';
import type { Question, Told } from './sdk-clients';
import { openaiClient } from './sdk-openai';

/**
 * Asks through responses and answers tool calls until there is text; keeps the conversation itself, as Codex does. Throws
 * the SDK's own errors.
 */
export async function askOpenaiResponses(question: Question): Promise<Told> {
  const client = openaiClient(question.baseUrl, question.key);
  const input: ResponseInput = [
    {
      role: 'user',
      content: question.image
        ? [
            { type: 'input_text', text: question.prompt },
            {
              type: 'input_image',
              image_url: `data:image/png;base64,${question.image}`,
              detail: 'auto',
            },
          ]
        : question.prompt,
    },
  ];
  const told: Told = { text: '', calls: [], stop: '', usage: { input: 0, output: 0 }, model: '' };
  for (;;) {
    const request = {
      model: question.model,
      input,
      max_output_tokens: 1000,
      store: false,
      include: ['reasoning.encrypted_content' as const],
      ...(question.system !== undefined && { instructions: question.system }),
      ...(question.tools && {
        tools: question.tools.map(({ name, description, parameters }) => ({
          type: 'function' as const,
          name,
          description,
          parameters,
          strict: false,
        })),
      }),
    };
    const options = question.signal ? { signal: question.signal } : {};
    const response: Response = question.stream
      ? await client.responses.stream(request, options).finalResponse()
      : await client.responses.create(request, options);
    if (response.error) throw new Error(response.error.message);
    told.text = response.output_text;
    told.stop = response.incomplete_details?.reason ?? response.status ?? '';
    told.model = response.model;
    told.usage = { input: response.usage?.input_tokens ?? -1, output: response.usage?.output_tokens ?? -1 };
    const calls = response.output.filter((item) => item.type === 'function_call');
    if (calls.length === 0) return told;
    // The SDK's types of what goes in lag behind those of what comes out.
    input.push(...(response.output as ResponseInput));
    for (const call of calls) {
      const args = JSON.parse(call.arguments) as JsonObject;
      told.calls.push({ id: call.call_id, name: call.name, input: args });
      input.push({
        type: 'function_call_output',
        call_id: call.call_id,
        output: runTool(question.tools, call.name, args),
      });
    }
  }
}
