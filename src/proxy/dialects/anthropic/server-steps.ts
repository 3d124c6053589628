/**
 * Tools that the provider runs, as pairs of blocks: what was asked (`server_tool_use`) and what came of it.
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool#response,
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/code-execution-tool#response-format
 */
import { isObject, type Json } from '../../../shared/json';
import type { ReplyContext } from '../adapter';
import type { OpaquePart, ServerStep, Usage } from '../canonical';
import { ENVELOPE_MARK, wrapMetadata } from '../signatures/envelope';
import type { WireBlock } from './wire';

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** Ids of blocks that Portside made out of another provider's steps: the API must not get them back. */
const FOREIGN_ID = `srvtoolu_${ENVELOPE_MARK}`;

/** The step that a block tells; undefined for blocks that no other protocol knows. */
export function stepOf(block: WireBlock): ServerStep | undefined {
  switch (block.type) {
    case 'server_tool_use': {
      const id = text(block['id']);
      const input = isObject(block['input']) ? block['input'] : {};
      switch (block['name']) {
        case 'web_search':
          return { type: 'web-search', id, queries: [text(input['query'])] };
        case 'code_execution':
          return { type: 'code-execution', id, language: 'python', code: text(input['code']) };
        case 'bash_code_execution':
          return { type: 'code-execution', id, language: 'bash', code: text(input['command']) };
        default:
          return undefined;
      }
    }
    case 'web_search_tool_result': {
      const found = Array.isArray(block['content']) ? block['content'].filter(isObject) : [];
      const sources = found.flatMap(({ url, title }) =>
        text(url) === '' ? [] : [{ url: text(url), ...(text(title) !== '' && { title: text(title) }) }],
      );
      return { type: 'web-search', id: text(block['tool_use_id']), sources };
    }
    case 'code_execution_tool_result':
    case 'bash_code_execution_tool_result': {
      const result = isObject(block['content']) ? block['content'] : {};
      const said = [text(result['stdout']), text(result['stderr'])].filter((each) => each !== '');
      const code = result['return_code'];
      const error = text(result['error_code']);
      return {
        type: 'code-execution',
        id: text(block['tool_use_id']),
        output: error === '' ? said.join('\n') : error,
        ...((error !== '' || (typeof code === 'number' && code !== 0)) && { failed: true }),
      };
    }
    default:
      return undefined;
  }
}

/** A block that only this API understands, with what others may say of it. */
export function opaquePart(block: WireBlock): OpaquePart {
  const step = stepOf(block);
  return { type: 'opaque', dialect: 'anthropic', label: block.type, value: block, ...(step && { step }) };
}

/** Writes another provider's steps as blocks. One encoder for each answer: it knows the ids that pairs share. */
export class StepEncoder {
  /** Searches so far, for the usage. */
  searches = 0;
  readonly #ids = new Map<string, string>();

  constructor(private readonly context: ReplyContext) {}

  /**
   * The blocks of a step; undefined where the client did not ask for such a tool, and so knows no such blocks. The encrypted
   * content of what was found is an empty envelope.
   */
  encode(step: ServerStep): WireBlock[] | undefined {
    if (step.type === 'web-search') this.searches += step.queries?.length ?? 0;
    const asked = this.context.request.tools.some(
      (tool) => tool.type === 'built-in' && tool.kind === step.type,
    );
    if (!asked) return undefined;
    const asks = step.type === 'web-search' ? step.queries !== undefined : step.code !== undefined;
    const id = (asks ? undefined : this.#ids.get(step.id)) ?? this.context.newId(FOREIGN_ID);
    this.#ids.set(step.id, id);
    const caller = { type: 'direct' };
    if (step.type === 'web-search') {
      const { queries, sources } = step;
      return [
        ...(queries
          ? [
              {
                type: 'server_tool_use',
                id,
                name: 'web_search',
                input: { query: queries.join('; ') },
                caller,
              },
            ]
          : []),
        ...(sources
          ? [{ type: 'web_search_tool_result', tool_use_id: id, content: sources.map(encodeSource), caller }]
          : []),
      ];
    }
    const { code, output, failed = false } = step;
    const result = {
      type: 'code_execution_result',
      stdout: failed ? '' : (output ?? ''),
      stderr: failed ? (output ?? '') : '',
      return_code: failed ? 1 : 0,
      content: [],
    };
    return [
      ...(code === undefined
        ? []
        : [{ type: 'server_tool_use', id, name: 'code_execution', input: { code }, caller }]),
      ...(output === undefined
        ? []
        : [{ type: 'code_execution_tool_result', tool_use_id: id, content: result }]),
    ];
  }

  /** Searches as the usage counts them, to be spread into it; nothing where the upstream counted or there were none. */
  usage(usage: Usage | undefined): {
    server_tool_use?: { web_search_requests: number; web_fetch_requests: number };
  } {
    if (this.searches === 0 || usage?.metadata?.anthropic?.['server_tool_use'] !== undefined) return {};
    return { server_tool_use: { web_search_requests: this.searches, web_fetch_requests: 0 } };
  }
}

const encodeSource = ({ url, title }: { url: string; title?: string }) => ({
  type: 'web_search_result',
  url,
  title: title ?? url,
  encrypted_content: wrapMetadata({}),
  page_age: null,
});

/** Whether a block of a client's history was made by {@link StepEncoder}. */
export const isForeignStep = (block: Json): boolean =>
  isObject(block) &&
  (text(block['id']).startsWith(FOREIGN_ID) || text(block['tool_use_id']).startsWith(FOREIGN_ID));
