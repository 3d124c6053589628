// A second extension beside Portside: it brings language models, which the tests themselves make.
/* global exports, require */
/* eslint-disable @typescript-eslint/no-require-imports -- the editor loads it as CommonJS */
const vscode = require('vscode');

exports.activate = () => ({
  register: (provider) => vscode.lm.registerLanguageModelChatProvider('model-maker', provider),
});
