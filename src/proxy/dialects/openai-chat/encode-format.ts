import type { JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { Message, ResponseFormat } from '../canonical';
import { formatInstruction } from '../json-schema/format-instruction';
import { openAiResponseSchema } from '../json-schema/openai-schema';

/** "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'." */
function saysJson(messages: readonly Message[]): boolean {
  return messages.some(({ content }) =>
    content.some((part) => part.type === 'text' && /json/i.test(part.text)),
  );
}

/**
 * `response_format`, or words for the conversation where it cannot say what the client asked for.
 * https://platform.openai.com/docs/api-reference/chat/create#chat-create-response_format
 */
export function encodeFormat(
  format: ResponseFormat | undefined,
  messages: readonly Message[],
  warn: Warn,
): { fields: JsonObject; instruction?: string } {
  switch (format?.type) {
    case undefined:
    case 'text':
      return { fields: {} };
    case 'json': {
      const fields = { response_format: { type: 'json_object' } };
      if (saysJson(messages)) return { fields };
      warn({
        type: 'changed',
        field: 'response_format',
        message: 'JSON is asked for in words as well: servers demand that the conversation speaks of it.',
      });
      return { fields, instruction: formatInstruction() };
    }
    case 'json-schema': {
      const { name, description } = format;
      const encoded = openAiResponseSchema(format.schema, format.strict, warn, 'response_format.schema');
      if (!encoded) {
        warn({
          type: 'approximated',
          field: 'response_format',
          message: 'JSON was asked for in words: the format takes schemas of objects only.',
        });
        return { fields: {}, instruction: formatInstruction(format.schema) };
      }
      const json_schema = {
        name: (name ?? 'response').replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64) || 'response',
        ...(description !== undefined && { description }),
        schema: encoded.schema,
        ...(encoded.strict !== undefined && { strict: encoded.strict }),
      };
      return { fields: { response_format: { type: 'json_schema', json_schema } } };
    }
  }
}

/** The conversation with an instruction after what it begins with. */
export function withInstruction(messages: readonly Message[], instruction: string | undefined): Message[] {
  if (instruction === undefined) return [...messages];
  const first = messages.findIndex((message) => message.role !== 'system');
  const at = first === -1 ? messages.length : first;
  return [
    ...messages.slice(0, at),
    { role: 'system', content: [{ type: 'text', text: instruction }] },
    ...messages.slice(at),
  ];
}
