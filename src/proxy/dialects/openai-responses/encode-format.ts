import type { JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { CanonicalRequest } from '../canonical';
import { formatInstruction } from '../json-schema/format-instruction';
import { openAiResponseSchema } from '../json-schema/openai-schema';

/** "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'." */
function saysJson({ messages }: CanonicalRequest): boolean {
  return messages.some(({ role, content, metadata }) =>
    // What becomes `instructions` is not looked at.
    role === 'user' || (role === 'system' && metadata?.['openai-responses'] !== undefined)
      ? content.some((part) => part.type === 'text' && /json/i.test(part.text))
      : false,
  );
}

/**
 * `text.format`, and words for the conversation where it cannot say, or not alone, what the client asked for.
 * https://platform.openai.com/docs/api-reference/responses/create#responses-create-text
 */
export function encodeFormat(
  request: CanonicalRequest,
  warn: Warn,
): { format?: JsonObject; instruction?: string } {
  const { responseFormat } = request;
  switch (responseFormat?.type) {
    case undefined:
      return {};
    case 'text':
      return { format: { type: 'text' } };
    case 'json': {
      const format = { type: 'json_object' };
      if (saysJson(request)) return { format };
      warn({
        type: 'changed',
        field: 'response_format',
        message: 'JSON is asked for in words as well: the API demands that the conversation speaks of it.',
      });
      return { format, instruction: formatInstruction() };
    }
    case 'json-schema': {
      const { name, description } = responseFormat;
      const encoded = openAiResponseSchema(
        responseFormat.schema,
        responseFormat.strict,
        warn,
        'response_format.schema',
      );
      if (!encoded) {
        warn({
          type: 'approximated',
          field: 'response_format',
          message: 'JSON was asked for in words: the format takes schemas of objects only.',
        });
        return { instruction: formatInstruction(responseFormat.schema) };
      }
      return {
        format: {
          type: 'json_schema',
          name: (name ?? 'response').replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64) || 'response',
          ...(description !== undefined && { description }),
          schema: encoded.schema,
          // Said always: servers differ in what they take for granted.
          strict: encoded.strict === true,
        },
      };
    }
  }
}
