import type { ProxySettings } from '../../shared/settings';

/**
 * The model to ask z.ai's dispatch account for: its own names as they are, those of Claude's families by the user's map. A name
 * of no family gets what takes Sonnet's place.
 */
export function zaiModel(model: string, map: ProxySettings['zai']['models']): string {
  if (/^glm/i.test(model)) return model;
  const family = /opus|haiku/i.exec(model)?.[0].toLowerCase();
  return family === 'opus' ? map.opus : family === 'haiku' ? map.haiku : map.sonnet;
}
