/**
 * Settings of searches and fetches that providers run. The protocols spell the same wishes alike:
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool#tool-definition,
 * https://platform.openai.com/docs/guides/tools-web-search, https://platform.openai.com/docs/api-reference/chat/create#chat-create-web_search_options,
 * https://ai.google.dev/api/caching#GoogleSearch
 */
import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { BuiltInSettings, BuiltInTool } from '../canonical';

function namesIn(value: Json | undefined): string[] | undefined {
  const names = Array.isArray(value) ? value.filter((name) => typeof name === 'string' && name !== '') : [];
  return names.length > 0 ? (names as string[]) : undefined;
}

/** City, region, country and timezone, as far as they are said; chat completions nest them. */
function locationIn(value: Json | undefined): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  const inner = isObject(value['approximate']) ? value['approximate'] : value;
  const known = ['city', 'region', 'country', 'timezone'].filter(
    (name) => typeof inner[name] === 'string' && inner[name] !== '',
  );
  return known.length > 0 ? Object.fromEntries(known.map((name) => [name, inner[name] ?? null])) : undefined;
}

/** What a declaration says beyond the tool itself; to be spread into the tool. */
export function readSettings(value: JsonObject): Pick<BuiltInTool, 'settings'> {
  const filters = isObject(value['filters']) ? value['filters'] : value;
  const allowedDomains = namesIn(filters['allowed_domains']);
  const blockedDomains = namesIn(filters['blocked_domains']) ?? namesIn(value['excludeDomains']);
  const location = locationIn(value['user_location']);
  const { max_uses: maxUses, search_context_size: contextSize } = value;
  const settings: BuiltInSettings = {
    ...(allowedDomains && { allowedDomains }),
    ...(blockedDomains && { blockedDomains }),
    ...(location && { location }),
    ...(typeof maxUses === 'number' && { maxUses }),
    // The default says nothing.
    ...(typeof contextSize === 'string' && contextSize !== 'medium' && { contextSize }),
  };
  return Object.keys(settings).length > 0 ? { settings } : {};
}

const WORDS: Record<keyof BuiltInSettings, string> = {
  allowedDomains: 'its allowed domains',
  blockedDomains: 'its blocked domains',
  location: 'where the user is',
  maxUses: 'the limit of its uses',
  contextSize: 'the size of its context',
};

/** Warns of the settings that the target has no field for: all but those `taken`. */
export function warnOfSettings(
  tool: BuiltInTool,
  taken: readonly (keyof BuiltInSettings)[],
  field: string,
  warn: Warn,
): void {
  const lost = (Object.keys(tool.settings ?? {}) as (keyof BuiltInSettings)[]).filter(
    (name) => !taken.includes(name),
  );
  if (lost.length > 0)
    warn({
      type: 'approximated',
      field,
      message: `The tool (${tool.kind}) goes without ${lost.map((name) => WORDS[name]).join(', ')}.`,
    });
}

/** The names by which a forced choice can mean a built-in tool. */
export const builtInNames = (tool: BuiltInTool): unknown[] => [
  tool.value['name'],
  tool.value['type'],
  tool.kind,
];
