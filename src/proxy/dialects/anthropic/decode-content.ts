import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { AssistantPart, FilePart, OpaquePart, TextPart, ToolResultPart } from '../canonical';
import { unwrapReasoning } from '../signatures/envelope';
import { dropForeignCitations } from './citations';
import {
  invalid,
  optionalBoolean,
  optionalString,
  requireList,
  requireObject,
  requireString,
} from './read-fields';
import { isForeignStep } from './server-steps';
import { omitFields, ownMetadata } from './wire';

/** One block, with its own path. */
interface Placed {
  block: JsonObject;
  type: string;
  path: string;
}

/** String or list of blocks → blocks with their paths. */
export function readBlocks(content: Json | undefined, path: string): Placed[] {
  if (typeof content === 'string') return [{ block: { type: 'text', text: content }, type: 'text', path }];
  return requireList(content, path).map((value, index) => {
    const place = `${path}.${index}`;
    const block = requireObject(value, place);
    return { block, type: requireString(block, 'type', `${place}.`), path: `${place}.` };
  });
}

/** A text block; markers and citations go into its metadata. */
export function decodeText(block: JsonObject, path: string): TextPart {
  return {
    type: 'text',
    text: requireString(block, 'text', path),
    ...ownMetadata(omitFields(dropForeignCitations(block), ['type', 'text'])),
  };
}

/** Text that stands for a block others do not know; the block itself goes back to Anthropic only. */
function standIn(text: string, block: JsonObject): TextPart {
  return { type: 'text', text, metadata: { anthropic: { block } } };
}

function decodeSource(block: JsonObject, path: string, family: 'image' | 'document'): FilePart {
  const place = `${path}source.`;
  const source = requireObject(block['source'], `${path}source`);
  const kind = requireString(source, 'type', place);
  const url = family === 'image' ? 'image/*' : 'application/pdf';
  const title = optionalString(block, 'title', path);
  const common = {
    ...(title !== undefined && { filename: title }),
    ...ownMetadata(omitFields(block, ['type', 'source', 'title'])),
  };
  switch (kind) {
    case 'base64':
      return {
        type: 'file',
        mediaType: requireString(source, 'media_type', place),
        source: { type: 'base64', data: requireString(source, 'data', place) },
        ...common,
      };
    case 'url':
      return {
        type: 'file',
        mediaType: url,
        source: { type: 'url', url: requireString(source, 'url', place) },
        ...common,
      };
    case 'file':
      return {
        type: 'file',
        mediaType: url,
        source: { type: 'id', id: requireString(source, 'file_id', place) },
        ...common,
      };
    default:
      throw invalid(`${place}type`, `Input tag '${kind}' is not one of 'base64', 'url', 'file'`);
  }
}

function decodeDocument(block: JsonObject, path: string): (TextPart | FilePart)[] {
  const source = requireObject(block['source'], `${path}source`);
  const title = optionalString(block, 'title', path);
  const heading = title === undefined ? '' : `${title}\n\n`;
  if (source['type'] === 'text')
    return [standIn(heading + requireString(source, 'data', `${path}source.`), block)];
  if (source['type'] !== 'content') return [decodeSource(block, path, 'document')];
  const parts = readBlocks(source['content'], `${path}source.content`).map((inner) =>
    inner.type === 'image'
      ? decodeSource(inner.block, inner.path, 'image')
      : decodeText(inner.block, inner.path),
  );
  const texts = parts.filter((part) => part.type === 'text');
  if (texts.length < parts.length) return parts;
  return [standIn(heading + texts.map((part) => part.text).join('\n'), block)];
}

function decodeSearchResult(block: JsonObject): TextPart {
  const content = Array.isArray(block['content']) ? block['content'] : [];
  const texts = content.flatMap((inner) =>
    isObject(inner) && typeof inner['text'] === 'string' ? [inner['text']] : [],
  );
  const head = [block['title'], block['source']].filter((value) => typeof value === 'string');
  return standIn([...head, ...texts].join('\n'), block);
}

function decodeResultPart({ block, type, path }: Placed): (TextPart | FilePart)[] {
  switch (type) {
    case 'text':
      return [decodeText(block, path)];
    case 'image':
      return [decodeSource(block, path, 'image')];
    case 'document':
      return decodeDocument(block, path);
    case 'search_result':
      return [decodeSearchResult(block)];
    default:
      // tool_reference, browser_state and what comes later: the model shall at least read what it says.
      return [standIn(JSON.stringify(block), block)];
  }
}

function decodeToolResult(
  block: JsonObject,
  path: string,
  nameOf: (id: string) => string | undefined,
): ToolResultPart {
  const callId = requireString(block, 'tool_use_id', path);
  const name = nameOf(callId);
  const content = block['content'];
  const isError = optionalBoolean(block, 'is_error', path);
  return {
    type: 'tool-result',
    callId,
    ...(name !== undefined && { name }),
    content:
      content === undefined || content === null
        ? []
        : readBlocks(content, `${path}content`).flatMap(decodeResultPart),
    ...(isError !== undefined && { isError }),
    ...ownMetadata(omitFields(block, ['type', 'tool_use_id', 'content', 'is_error'])),
  };
}

/** A user's blocks: tool results apart from the rest, because they answer the turn before. */
export function decodeUserContent(
  content: Json | undefined,
  path: string,
  nameOf: (id: string) => string | undefined,
): { results: ToolResultPart[]; parts: (TextPart | FilePart | OpaquePart)[] } {
  const results: ToolResultPart[] = [];
  const parts: (TextPart | FilePart | OpaquePart)[] = [];
  for (const placed of readBlocks(content, path)) {
    const { block, type } = placed;
    if (type === 'tool_result') results.push(decodeToolResult(block, placed.path, nameOf));
    else if (type === 'text' || type === 'image' || type === 'document' || type === 'search_result')
      parts.push(...decodeResultPart(placed));
    else parts.push({ type: 'opaque', dialect: 'anthropic', label: type, value: block });
  }
  return { results, parts };
}

/**
 * One block of an assistant, in a request's history; an envelope in a signature's place is opened. Blocks that only told
 * what another provider's tools did say nothing to anybody: the answer behind them does.
 */
export function decodeAssistantBlock({ block, type, path }: Placed): AssistantPart[] {
  if (isForeignStep(block)) return [];
  switch (type) {
    case 'text':
      return [decodeText(block, path)];
    case 'thinking': {
      const signature = optionalString(block, 'signature', path) ?? '';
      const text = requireString(block, 'thinking', path);
      const own = signature === '' ? undefined : ownMetadata({ signature });
      return unwrapReasoning(signature, text) ?? [{ type: 'reasoning', text, ...own }];
    }
    case 'redacted_thinking': {
      const redacted = requireString(block, 'data', path);
      return unwrapReasoning(redacted, '') ?? [{ type: 'reasoning', text: '', ...ownMetadata({ redacted }) }];
    }
    case 'tool_use':
      return [
        {
          type: 'tool-call',
          id: requireString(block, 'id', path),
          name: requireString(block, 'name', path),
          kind: 'function',
          input: JSON.stringify(block['input'] ?? {}),
          ...ownMetadata(omitFields(block, ['type', 'id', 'name', 'input'])),
        },
      ];
    default:
      return [{ type: 'opaque', dialect: 'anthropic', label: type, value: block }];
  }
}
