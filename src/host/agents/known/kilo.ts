import { openCodeAgent } from './opencode-family';

/**
 * Kilo Code, the command line and those extensions that run it: `~/.config/kilo/kilo.jsonc`, on every system. Older extensions
 * keep their providers in the editor's own storage, where nothing but they themselves can write: in these, "OpenAI
 * Compatible" is to be chosen by hand.
 * https://kilo.ai/docs/cli
 */
export const kilo = openCodeAgent({
  id: 'kilo',
  name: 'Kilo Code',
  documentation: 'https://kilo.ai/docs/cli',
  programs: ['kilo', 'kilocode'],
  folder: 'kilo',
  prefix: 'KILO',
  byPrecedence: ['opencode.jsonc', 'opencode.json', 'kilo.jsonc', 'kilo.json', 'config.json'],
  byChoice: ['kilo.jsonc', 'kilo.json', 'opencode.jsonc', 'opencode.json', 'config.json'],
  projectFiles: ['kilo.jsonc', 'kilo.json', 'opencode.jsonc', 'opencode.json'],
  folders: ['.kilocode', '.kilo'],
  schema: 'https://app.kilo.ai/config.json',
});
