import type { CanonicalRequest } from '../canonical';
import { mapToolNames, type ToolNameLimits, type ToolNameMap } from './tool-names';

/** The tools that the conversation has called, in order, each as often as it was. */
export function calledNames({ messages }: CanonicalRequest): string[] {
  return messages.flatMap((message) =>
    message.role === 'assistant'
      ? message.content.flatMap((part) => (part.type === 'tool-call' ? [part.name] : []))
      : [],
  );
}

/** Names of all tools that a request speaks of, also of calls whose tool is gone, within a target's limits. */
export function requestToolNames(request: CanonicalRequest, limits: ToolNameLimits): ToolNameMap {
  const names = request.tools.flatMap((tool) => (tool.type === 'built-in' ? [] : [tool.name]));
  return mapToolNames([...names, ...calledNames(request)], limits);
}
