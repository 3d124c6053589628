/**
 * Tools that the provider runs, as items: searches and code.
 * Reference: https://platform.openai.com/docs/api-reference/responses/object#responses-object-output
 */
import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { ReplyContext } from '../adapter';
import type { CanonicalRequest, ServerStep } from '../canonical';
import { filled, objectsIn, textOf } from './read-item';
import { noteOf, type RequestNote } from './wire';

/** What `include` asks for so that items tell what came of them. */
export const SEARCH_SOURCES = 'web_search_call.action.sources';
export const CODE_OUTPUTS = 'code_interpreter_call.outputs';

/** Whether the client asked for a part of the answer that is left out otherwise. */
export function includes(request: CanonicalRequest, name: string): boolean {
  const { fields } = noteOf(request.metadata) as RequestNote;
  return Array.isArray(fields?.include) && fields.include.includes(name);
}

/** The step that an item tells; undefined for items that no other protocol knows (pages opened and searched through, too). */
export function stepOf(item: JsonObject): ServerStep | undefined {
  const id = textOf(item.id);
  switch (item.type) {
    case 'web_search_call': {
      const action = isObject(item.action) ? item.action : {};
      if (action.type !== 'search') return undefined;
      const listed = Array.isArray(action.queries) ? action.queries : [];
      const queries = (listed.length > 0 ? listed : [action.query]).flatMap((query) => filled(query) ?? []);
      const sources = objectsIn(action.sources).flatMap(({ url, title }) => {
        const [address, name] = [filled(url), filled(title)];
        return address === undefined ? [] : [{ url: address, ...(name !== undefined && { title: name }) }];
      });
      return { type: 'web-search', id, queries, sources };
    }
    case 'code_interpreter_call': {
      const logs = objectsIn(item.outputs).flatMap(({ logs: text }) => filled(text) ?? []);
      return {
        type: 'code-execution',
        id,
        language: 'python',
        code: textOf(item.code),
        output: logs.join('\n'),
        ...(item.status === 'failed' && { failed: true }),
      };
    }
    default:
      return undefined;
  }
}

/** Another provider's step as an item. */
export function stepItem(step: ServerStep, context: ReplyContext): JsonObject {
  if (step.type === 'web-search') {
    const { queries = [], sources } = step;
    const wanted = sources && includes(context.request, SEARCH_SOURCES);
    return {
      id: context.newId('ws_'),
      type: 'web_search_call',
      status: 'completed',
      action: {
        type: 'search',
        query: queries[0] ?? '',
        queries,
        ...(wanted && { sources: sources.map(({ url }) => ({ type: 'url', url })) }),
      },
    };
  }
  const { code = '', output, failed } = step;
  const outputs = output !== undefined && output !== '' ? [{ type: 'logs', logs: output }] : [];
  return {
    id: context.newId('ci_'),
    type: 'code_interpreter_call',
    status: failed ? 'failed' : 'completed',
    code,
    // No container of this API ran it.
    container_id: context.newId('cntr_'),
    outputs: includes(context.request, CODE_OUTPUTS) ? outputs : null,
  };
}

/** What is told of tools that run beside the model: stages, by the type of the item. */
const STAGES: Record<string, string[]> = {
  web_search_call: ['in_progress', 'searching', 'completed'],
  file_search_call: ['in_progress', 'searching', 'completed'],
  image_generation_call: ['in_progress', 'generating', 'completed'],
  code_interpreter_call: ['in_progress', 'code', 'interpreting', 'completed'],
};

/** The item as it is announced: without what comes of it. */
export function announced(item: JsonObject): JsonObject {
  const { result: _result, ...head } = item;
  return {
    ...head,
    ...(item.type === 'code_interpreter_call' && { code: '', outputs: null }),
    ...(item.status !== undefined && { status: 'in_progress' }),
  };
}

/** The events between the announcement of an item that comes in one piece and its end: name and members. */
export function stagesOf(item: JsonObject): [event: string, fields: Record<string, Json>][] {
  const type = String(item.type);
  return (STAGES[type] ?? []).flatMap((stage): [string, Record<string, Json>][] => {
    if (stage !== 'code') return [[`response.${type}.${stage}`, {}]];
    const code = textOf(item.code);
    return [
      ...(code === ''
        ? []
        : [[`response.${type}_code.delta`, { delta: code }] as [string, Record<string, Json>]]),
      [`response.${type}_code.done`, { code }],
    ];
  });
}
