import { EDITOR_ORIGIN } from '../upstream/editor-models';
import type { Provider } from './provider';

/**
 * The editor's own language models (`vscode.lm`): whatever the user's extensions bring, under the editor's own consent. There
 * is no key and no address. https://code.visualstudio.com/api/extension-guides/ai/language-model
 */
export const editorModels: Provider = {
  name: 'vscode',
  label: 'Editor models',
  endpoints: [{ dialect: 'editor', baseUrl: () => EDITOR_ORIGIN, auth: () => ({}) }],
  needsKey: false,
};
