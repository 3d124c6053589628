import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Forbids imports in one folder and says where to look instead. */
const restrict = (files, ignores, patterns) => ({
  files,
  ignores,
  rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
});
const never = (group, message) => ({ group, message });

const vscode = never(
  ['vscode'],
  'Only src/host and src/extension.ts speak to the editor: pass the thing in.',
);
const nodeBuiltins = never(
  ['node:*'],
  'This folder is pure data or pure translation: take it as an argument.',
);
const http = never(['hono', 'hono/*', '@hono/*'], 'Routes know HTTP; this folder does not.');
const undici = never(['undici', 'undici/*'], 'Upstream connections belong to src/proxy/upstream.');
const editorSide = never(['**/host/**', '**/webview/**'], 'The proxy core knows nothing of the editor.');

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'artifacts/', 'node_modules/', 'tools/*/node_modules/'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  {
    files: ['src/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/prefer-for-of': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      'no-console': 'error',
      'no-control-regex': 'off',
    },
  },
  { files: ['src/**/*.ts'], ignores: ['src/test/**'], rules: { 'max-lines': ['error', 400] } },
  restrict(
    ['src/shared/**/*.ts'],
    [],
    [vscode, nodeBuiltins, http, undici, never(['../*'], 'shared/ imports zod only.')],
  ),
  restrict(
    ['src/proxy/dialects/**/*.ts'],
    [],
    [
      vscode,
      nodeBuiltins,
      http,
      undici,
      editorSide,
      never(
        ['../anthropic/*', '../openai-chat/*', '../openai-responses/*', '../gemini/*'],
        'Dialects meet only in the canonical vocabulary (dialects/canonical.ts).',
      ),
      never(
        ['**/routes/*', '**/exchange/*', '**/pool/*', '**/upstream/*', '**/routing/*'],
        'Dialects translate, nothing else.',
      ),
    ],
  ),
  restrict(
    ['src/proxy/{providers,routing,pool,monitor,stream}/**/*.ts'],
    [],
    [
      vscode,
      http,
      undici,
      editorSide,
      never(['**/routes/*', '**/exchange/*'], 'Routes call this folder, never the reverse.'),
    ],
  ),
  restrict(
    ['src/proxy/upstream/**/*.ts'],
    [],
    [
      vscode,
      http,
      editorSide,
      never(['**/routes/*', '**/exchange/*'], 'Routes call this folder, never the reverse.'),
      never(['**/dialects/*/**'], 'The upstream client moves bytes; dialects give them meaning.'),
    ],
  ),
  restrict(
    ['src/proxy/{routes,exchange,access,responses,websocket}/**/*.ts', 'src/proxy/*.ts'],
    [],
    [vscode, editorSide],
  ),
  restrict(
    ['src/host/**/*.ts', 'src/extension.ts'],
    [],
    [
      http,
      undici,
      never(['**/webview/**'], 'The panel is another process: speak to it through shared/messages.ts.'),
      never(['**/proxy/*/**'], 'The host uses the face of the core only: src/proxy/index.ts.'),
    ],
  ),
  restrict(
    ['src/webview/**/*.ts'],
    [],
    [
      vscode,
      nodeBuiltins,
      http,
      undici,
      never(['**/proxy/**', '**/host/**'], 'The panel imports shared/ only.'),
    ],
  ),
  { files: ['src/proxy/cli.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['src/test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      'no-console': 'off',
    },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: { ...globals.node } } },
  prettier,
);
