import { isObject, type Json, type JsonObject } from '../../../shared/json';
import { NotSupportedError } from '../../errors';
import type { Warn } from '../adapter';
import type { FilePart } from '../canonical';
import { decodeUrl } from '../data-url';
import type { Form } from '../form';
import type { ImageRequest } from '../image';
import {
  missing,
  readBoolean,
  readInteger,
  readString,
  requireString,
  wrongType,
  wrongValue,
} from '../openai/fields';

/** https://platform.openai.com/docs/api-reference/images/create#images-create-n */
const MOST_IMAGES = 10;

const KNOWN = new Set(
  (
    'model prompt n size quality response_format stream partial_images background output_format output_compression ' +
    'style moderation user image images mask input_fidelity'
  ).split(' '),
);

const oneOf = (value: Json | undefined, path: string, values: readonly string[]): string | undefined => {
  const text = readString(value, path);
  if (text === undefined || values.includes(text)) return text;
  throw wrongValue(path, text, values.map((each) => `'${each}'`).join(', '));
};

function readSize(value: Json | undefined): ImageRequest['size'] {
  const text = readString(value, 'size') ?? 'auto';
  if (text === 'auto') return undefined;
  const [, width = '0', height = '0'] = /^(\d{1,5})x(\d{1,5})$/.exec(text) ?? [];
  if (Number(width) === 0 || Number(height) === 0)
    throw wrongValue('size', text, "'auto' and sizes like '1024x1024'");
  return { width: Number(width), height: Number(height) };
}

/** What other dialects' models do not let a client choose. */
function warnOfLosses(body: JsonObject, warn: Warn): void {
  const lost: Record<string, (value: Json) => boolean> = {
    quality: (value) => !/^(auto|standard|medium)$/.test(String(value)),
    background: (value) => value === 'transparent',
    output_compression: (value) => value !== 100,
    style: () => true,
    moderation: (value) => value !== 'auto',
    input_fidelity: () => true,
    partial_images: (value) => value !== 0,
    user: () => true,
  };
  for (const [field, value] of Object.entries(body)) {
    if (value === undefined || value === null) continue;
    const matters = Object.hasOwn(lost, field) ? lost[field]?.(value) : !KNOWN.has(field);
    if (matters) warn({ type: 'dropped', field, message: `The account's image models know no "${field}".` });
  }
}

function decodeFields(body: JsonObject, warn: Warn): Omit<ImageRequest, 'images'> {
  const prompt = requireString(body.prompt, 'prompt');
  const count = readInteger(body.n, 'n') ?? 1;
  if (count < 1 || count > MOST_IMAGES) throw wrongValue('n', count, `integers from 1 to ${MOST_IMAGES}`);
  const size = readSize(body.size);
  const quality =
    oneOf(body.quality, 'quality', ['auto', 'standard', 'hd', 'low', 'medium', 'high']) ?? 'auto';
  const form = oneOf(body.response_format, 'response_format', ['url', 'b64_json']) ?? 'b64_json';
  oneOf(body.background, 'background', ['transparent', 'opaque', 'auto']);
  const output = oneOf(body.output_format, 'output_format', ['png', 'jpeg', 'webp']);
  if (output !== undefined && output !== 'png')
    warn({ type: 'dropped', field: 'output_format', message: 'The model chooses the format of its images.' });
  if (form === 'url')
    warn({
      type: 'changed',
      field: 'response_format',
      message: 'The image stands in the answer itself, as a data URL: nobody hosts it.',
    });
  warnOfLosses(body, warn);
  return {
    prompt,
    count,
    form: form === 'url' ? 'url' : 'b64_json',
    stream: readBoolean(body.stream, 'stream') ?? false,
    asked: { size: readString(body.size, 'size') ?? 'auto', quality },
    ...(size && { size }),
  };
}

/**
 * `POST /v1/images/generations`, for another dialect's account. Warns about what it will not have.
 * Reference: https://platform.openai.com/docs/api-reference/images/create
 * @throws InvalidRequestError with the path of the bad field
 */
export function decodeGeneration(body: JsonObject, warn: Warn): ImageRequest {
  return { ...decodeFields(body, warn), images: [] };
}

/**
 * `POST /v1/images/edits` with a JSON body: images by URL.
 * Reference: https://platform.openai.com/docs/api-reference/images/createEdit
 * @throws InvalidRequestError, NotSupportedError with the path of the bad field
 */
export function decodeEdit(body: JsonObject, warn: Warn): ImageRequest {
  const field = body.images === undefined ? 'image' : 'images';
  const given = body[field] ?? [];
  const list = Array.isArray(given) ? given : [given];
  const images = list.map((each, index) =>
    decodeImage(each, Array.isArray(given) ? `${field}[${index}]` : field),
  );
  return {
    ...decodeFields(body, warn),
    images: requireImages(images),
    ...(body.mask !== undefined && body.mask !== null && { mask: decodeImage(body.mask, 'mask') }),
  };
}

function requireImages(images: FilePart[]): FilePart[] {
  if (images.length === 0) throw missing('image');
  return images;
}

function decodeImage(given: Json, path: string): FilePart {
  if (typeof given === 'string') return { type: 'file', ...decodeUrl(given, 'image/*', path) };
  if (!isObject(given)) throw wrongType(path, 'an object', given);
  if (given.file_id !== undefined && given.file_id !== null)
    throw new NotSupportedError(
      `'${path}.file_id' names an upload at OpenAI, which the account cannot read. Send the image itself.`,
      `${path}.file_id`,
    );
  const inner = isObject(given.image_url) ? given.image_url.url : given.image_url;
  const url = requireString(inner, `${path}.image_url`);
  return { type: 'file', ...decodeUrl(url, 'image/*', `${path}.image_url`) };
}

/** The same as a form, with the images' bytes. */
export function decodeEditForm(form: Form, warn: Warn): ImageRequest {
  const body: JsonObject = {};
  for (const [name, values] of form.texts) {
    const text = values.at(-1) ?? '';
    if (/^(n|partial_images|output_compression)$/.test(name)) {
      const number = text.trim() === '' ? NaN : Number(text);
      body[name] = Number.isNaN(number) ? text : number;
    } else if (name === 'stream') body[name] = text === 'true' || (text === 'false' ? false : text);
    else if (name !== 'image' && name !== 'mask') body[name] = text;
    else throw wrongType(name, 'a file', text);
  }
  const [mask] = form.files.get('mask') ?? [];
  const images = (form.files.get('image') ?? form.files.get('images') ?? []).map(typed);
  return {
    ...decodeFields(body, warn),
    images: requireImages(images),
    ...(mask && { mask: typed(mask) }),
  };
}

/** An upload without its name, which may have told its type. */
function typed({ mediaType, filename = '', source }: FilePart): FilePart {
  const ending = /\.([a-z0-9]+)$/i.exec(filename)?.[1]?.toLowerCase() ?? 'png';
  const known = /^image\//.test(mediaType) ? mediaType : `image/${ending === 'jpg' ? 'jpeg' : ending}`;
  return { type: 'file', mediaType: known, source };
}
