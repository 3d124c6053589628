/**
 * Images of Gemini: its own models answer `generateContent` with them (https://ai.google.dev/gemini-api/docs/image-generation),
 * Imagen answers `predict` (https://ai.google.dev/gemini-api/docs/imagen).
 */
import { isObject, type JsonObject } from '../../../shared/json';
import { ProxyError, UpstreamError } from '../../errors';
import type { Warn, WireRequest } from '../adapter';
import type { ImageAnswer, ImageRequest } from '../image';
import { blockReason, candidatesOf, partsOfCandidate } from './decode-candidate';
import { encodeFile } from './encode-file';
import { pathOf } from './encode-request';
import { decodeStopReason } from './map-stop-reason';
import { decodeUsage } from './map-usage';
import { field } from './wire';

/** https://ai.google.dev/api/generate-content#ImageConfig */
const RATIOS = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'];
/** https://ai.google.dev/gemini-api/docs/imagen#imagen-configuration */
const IMAGEN_RATIOS = ['1:1', '3:4', '4:3', '9:16', '16:9'];

/** A size in pixels as what Gemini takes instead: the nearest shape, and one of three resolutions. */
function encodeSize(
  size: NonNullable<ImageRequest['size']>,
  ratios: readonly string[],
  warn: Warn,
): { aspectRatio: string; imageSize?: string } {
  const distance = (ratio: string) => {
    const [width = 1, height = 1] = ratio.split(':').map(Number);
    return Math.abs(Math.log((size.width * height) / (size.height * width)));
  };
  const [aspectRatio = '1:1'] = [...ratios].sort((a, b) => distance(a) - distance(b));
  const edge = Math.max(size.width, size.height);
  // 1K is what every model makes; older ones know nothing else.
  const imageSize = edge >= 3000 ? '4K' : edge >= 2000 ? '2K' : undefined;
  if (size.width !== 1024 || size.height !== 1024)
    warn({
      type: 'approximated',
      field: 'size',
      message: `The image is asked for in the shape ${aspectRatio} at about ${imageSize ?? '1K'}, not in exact pixels.`,
    });
  return { aspectRatio, ...(imageSize && { imageSize }) };
}

/** One image from `generateContent`. */
export function encodeImageRequest(request: ImageRequest, model: string, warn: Warn): WireRequest {
  const { images, mask, prompt, size } = request;
  if (mask)
    warn({
      type: 'approximated',
      field: 'mask',
      message: 'The mask is sent as another image, with words that say what it is for.',
    });
  const files = [...images, ...(mask ? [mask] : [])];
  const words = mask
    ? `${prompt}\n\nThe last image is a mask for the first one: change the first image only where the mask is ` +
      'fully transparent, and leave everything else as it is.'
    : prompt;
  return {
    path: pathOf(model, 'generateContent'),
    body: {
      contents: [
        {
          role: 'user',
          parts: [
            ...files.flatMap((file, index) =>
              encodeFile(file, warn, index < images.length ? `image[${index}]` : 'mask'),
            ),
            { text: words },
          ],
        },
      ],
      generationConfig: {
        responseModalities: ['TEXT', 'IMAGE'],
        ...(size && { imageConfig: encodeSize(size, RATIOS, warn) }),
      },
    },
  };
}

/** All images from Imagen's `predict`. */
export function encodePredict({ prompt, count, size }: ImageRequest, model: string, warn: Warn): WireRequest {
  const shape = size && encodeSize(size, IMAGEN_RATIOS, warn);
  return {
    path: pathOf(model, 'predict'),
    body: {
      instances: [{ prompt }],
      parameters: {
        sampleCount: count,
        ...(shape && { aspectRatio: shape.aspectRatio }),
        // Imagen knows no 4K.
        ...(shape?.imageSize && { imageSize: '2K' }),
      },
    },
  };
}

/** The refusal of a filter: asking elsewhere would not be what the client wants to hear about. */
function blocked(reason: string): ProxyError {
  return new ProxyError(
    400,
    'invalid_request',
    `The request was rejected by the model's filter (${reason}).`,
    {
      code: 'moderation_blocked',
    },
  );
}

/**
 * The images of an answer of `generateContent`. Throws `UpstreamError` where there is none, and a 400 where a filter
 * took it.
 */
export function decodeImageAnswer(body: JsonObject): ImageAnswer {
  const refused = blockReason(body);
  if (refused !== undefined) throw blocked(refused);
  const candidates = candidatesOf(body).map(({ candidate }) => candidate);
  // Thinking models show drafts among their thoughts.
  const parts = candidates.flatMap(partsOfCandidate).filter((part) => part.thought !== true);
  const images = parts.flatMap((part) => {
    const inline = field(part, 'inlineData');
    if (!isObject(inline)) return [];
    const mediaType = field(inline, 'mimeType');
    const data = field(inline, 'data');
    if (typeof data !== 'string') return [];
    return [{ mediaType: typeof mediaType === 'string' ? mediaType : 'image/png', data }];
  });
  if (images.length === 0) {
    const reasons = candidates.flatMap((candidate) => field(candidate, 'finishReason') ?? []);
    const filter = reasons.find(
      (reason) => typeof reason === 'string' && decodeStopReason(reason, false) === 'content-filter',
    );
    if (typeof filter === 'string') throw blocked(filter);
    const words = parts.map(({ text }) => (typeof text === 'string' ? text : '')).join('');
    throw new UpstreamError(
      words.trim() === ''
        ? 'The model answered without an image.'
        : `The model answered in words, without an image: "${words.trim().slice(0, 300)}"`,
    );
  }
  const metadata = field(body, 'usageMetadata');
  const usage = decodeUsage(metadata);
  return { images, ...(usage && { usage: { ...usage, inputImageTokens: imageTokens(metadata) } }) };
}

/** What of the prompt were images (https://ai.google.dev/api/generate-content#ModalityTokenCount). */
function imageTokens(metadata: unknown): number {
  const details = isObject(metadata) ? field(metadata, 'promptTokensDetails') : undefined;
  if (!Array.isArray(details)) return 0;
  return details.reduce<number>((sum, each) => {
    const count = isObject(each) && field(each, 'modality') === 'IMAGE' ? field(each, 'tokenCount') : 0;
    return sum + (typeof count === 'number' ? count : 0);
  }, 0);
}

/** The images of an answer of `predict`. */
export function decodePredict(body: JsonObject): ImageAnswer {
  const predictions = Array.isArray(body.predictions) ? body.predictions.filter(isObject) : [];
  const images = predictions.flatMap(({ bytesBase64Encoded: data, mimeType }) =>
    typeof data === 'string'
      ? [{ mediaType: typeof mimeType === 'string' ? mimeType : 'image/png', data }]
      : [],
  );
  if (images.length > 0) return { images };
  const reason = predictions.find(({ raiFilteredReason }) => typeof raiFilteredReason === 'string');
  if (reason) throw blocked(String(reason.raiFilteredReason));
  // Imagen leaves out what its filter took, and says nothing.
  throw new UpstreamError('The model answered without an image; its filter may have taken it.');
}
