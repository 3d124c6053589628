import type { Warn } from '../adapter';
import type { CanonicalRequest } from '../canonical';

/**
 * The request without tools whose name was declared before: some servers take the same name twice, others refuse the
 * request ("Tool names must be unique.", "Duplicate function declaration found").
 */
export function withUniqueTools(request: CanonicalRequest, warn: Warn): CanonicalRequest {
  const names = new Set<string>();
  const tools = request.tools.filter((tool, index) => {
    if (tool.type === 'built-in') return true;
    const twin = names.has(tool.name);
    names.add(tool.name);
    if (twin)
      warn({
        type: 'dropped',
        field: `tools[${index}]`,
        message: `A tool "${tool.name}" was declared before.`,
      });
    return !twin;
  });
  return tools.length < request.tools.length ? { ...request, tools } : request;
}
