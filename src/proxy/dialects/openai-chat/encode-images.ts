/** Images of OpenAI in answers. Reference: https://platform.openai.com/docs/api-reference/images */
import type { JsonObject } from '../../../shared/json';
import type { DialectAdapter } from '../adapter';
import type { ImageAnswer, ImageRequest } from '../image';
import { openaiChatAdapter } from './index';
import { readTokens } from './transcription';

/** `png` of `image/png`. */
const formatOf = (mediaType: string): string => mediaType.replace(/^image\//, '');

function encodeUsage({ usage }: ImageAnswer): JsonObject {
  if (!usage) return {};
  const { inputTokens, outputTokens, inputImageTokens = 0 } = usage;
  return {
    usage: {
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
      input_tokens_details: { text_tokens: inputTokens - inputImageTokens, image_tokens: inputImageTokens },
    },
  };
}

/**
 * The body of an answer.
 * @param created Unix time in seconds
 */
export function encodeImages(answer: ImageAnswer, { form }: ImageRequest, created: number): JsonObject {
  const [first] = answer.images;
  return {
    created,
    data: answer.images.map(({ mediaType, data }) =>
      form === 'url' ? { url: `data:${mediaType};base64,${data}` } : { b64_json: data },
    ),
    ...(first && { output_format: formatOf(first.mediaType) }),
    ...encodeUsage(answer),
  };
}

/** The same as a stream: one event for each image, which is there at once. */
export function encodeImageEvents(answer: ImageAnswer, request: ImageRequest, created: number): string {
  const type = request.images.length > 0 ? 'image_edit.completed' : 'image_generation.completed';
  return answer.images
    .map(({ mediaType, data }) => {
      const event = {
        type,
        b64_json: data,
        created_at: created,
        size: request.asked.size,
        quality: request.asked.quality,
        background: 'opaque',
        output_format: formatOf(mediaType),
        ...encodeUsage(answer),
      };
      return `event: ${type}\ndata: ${JSON.stringify(event)}\n\n`;
    })
    .join('');
}

/** Chat completions' adapter, but for what tells the end and the usage of images. */
export const imageVoice: DialectAdapter = {
  ...openaiChatAdapter,
  isTerminal: ({ data }) =>
    data.trim() === '[DONE]' || /"type"\s*:\s*"image_(generation|edit)\.completed"/.test(data),
  readUsage: readTokens,
};
