import { NotSupportedError } from '../../errors';
import type { FilePart, TextPart, ToolResultPart } from '../canonical';
import { imageType } from '../image-type';
import type { WireBlock } from './wire';

/** Formats of documents by media type. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html */
const DOCUMENTS: Record<string, string> = {
  'application/pdf': 'pdf',
  'text/csv': 'csv',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'text/html': 'html',
  'text/markdown': 'md',
};

const LONGEST_NAME = 200;

/** Gives documents names of the characters that are allowed, no two alike in a request. */
export class DocumentNames {
  readonly #taken = new Set<string>();

  /** @param filename as the client has it */
  take(filename: string | undefined): string {
    const clean = (filename ?? '')
      .replace(/[^a-zA-Z0-9\s()[\]-]/g, '-')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, LONGEST_NAME - 10);
    const base = clean === '' ? 'document' : clean;
    let name = base;
    for (let number = 2; this.#taken.has(name); number++) name = `${base} (${number})`;
    this.#taken.add(name);
    return name;
  }
}

/** A text block; undefined for text that is empty or blank, which the API refuses. */
export function encodeText({ text }: Pick<TextPart, 'text'>): WireBlock | undefined {
  return text.trim() === '' ? undefined : { text };
}

/** The bytes of a file, in base64; `data:` URLs hold theirs, whatever they were given as. */
function bytesOf({ source }: FilePart): string | undefined {
  if (source.type === 'base64') return source.data;
  return source.type === 'url' ? /^data:[^,]*;base64,(.*)$/s.exec(source.url)?.[1] : undefined;
}

/**
 * An image or document block. Throws `NotSupportedError` for what the API has no block for, and for links: it takes bytes,
 * or addresses in S3. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ImageBlock.html
 */
export function encodeFile(part: FilePart, names: DocumentNames, path: string): WireBlock {
  const named = part.source.type === 'url' ? /^data:([^;,]+)/.exec(part.source.url)?.[1] : undefined;
  const mediaType = named ?? part.mediaType;
  const bytes = bytesOf(part);
  const stored =
    part.source.type === 'url' && part.source.url.startsWith('s3://') ? part.source.url : undefined;
  if (bytes === undefined && stored === undefined)
    throw new NotSupportedError(
      part.source.type === 'id'
        ? "The file is an upload at another provider; Amazon Bedrock can't read it."
        : 'Amazon Bedrock does not follow links: a file must come with the request, or lie in S3.',
      path,
    );
  const source = bytes === undefined ? { s3Location: { uri: stored } } : { bytes };
  if (mediaType.startsWith('image/')) {
    const type = imageType(bytes ?? '', mediaType);
    if (type === undefined)
      throw new NotSupportedError(
        `Amazon Bedrock takes JPEG, PNG, GIF and WebP images, not ${mediaType}.`,
        path,
      );
    return { image: { format: type.slice('image/'.length), source } };
  }
  const isText = mediaType.startsWith('text/') || mediaType === 'application/json';
  const format = DOCUMENTS[mediaType] ?? (isText ? 'txt' : undefined);
  if (format === undefined)
    throw new NotSupportedError(`Amazon Bedrock does not take files of type ${mediaType}.`, path);
  return { document: { format, name: names.take(part.filename), source } };
}

/** A tool's answer under the call's id as sent upstream. It must say something. */
export function encodeToolResult(
  part: ToolResultPart,
  toolUseId: string,
  names: DocumentNames,
  path: string,
): WireBlock {
  const content = part.content.flatMap((inner): WireBlock[] => {
    if (inner.type === 'file') return [encodeFile(inner, names, path)];
    const block = encodeText(inner);
    return block ? [block] : [];
  });
  const silence = part.isError ? 'The tool failed without a message.' : '(The tool gave no output.)';
  return {
    toolResult: {
      toolUseId,
      content: content.length > 0 ? content : [{ text: silence }],
      ...(part.isError !== undefined && { status: part.isError ? 'error' : 'success' }),
    },
  };
}

/** The results' text, for a result that no call asked for. */
export function describeToolResult(part: ToolResultPart): string {
  const text = part.content
    .map((inner) => (inner.type === 'text' ? inner.text : `[${inner.mediaType}]`))
    .join('\n');
  return `Result of the tool ${part.name ?? part.callId}:\n${text}`;
}
