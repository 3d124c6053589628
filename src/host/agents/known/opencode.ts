import { openCodeAgent } from './opencode-family';

/**
 * OpenCode: `~/.config/opencode/opencode.jsonc`, on every system. Version 2 reads the form of version 1, which this is.
 * https://opencode.ai/docs/config
 */
export const openCode = openCodeAgent({
  id: 'opencode',
  name: 'OpenCode',
  documentation: 'https://opencode.ai/docs/config',
  programs: ['opencode'],
  folder: 'opencode',
  prefix: 'OPENCODE',
  byPrecedence: ['opencode.jsonc', 'opencode.json', 'config.json'],
  byChoice: ['opencode.jsonc', 'opencode.json', 'config.json'],
  projectFiles: ['opencode.json', 'opencode.jsonc'],
  folders: ['.opencode'],
  schema: 'https://opencode.ai/config.json',
});
