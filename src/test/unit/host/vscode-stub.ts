/**
 * Stands in for the `vscode` module under plain Node. Import it before anything that imports `vscode`.
 * Questions are answered from queues; what was shown is written down.
 */
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';
import { lmStub } from './stub-models';

interface Shown {
  severity: 'error' | 'warning' | 'information';
  message: string;
  modal: boolean;
  detail?: string;
  buttons: string[];
}

interface Script {
  shown: Shown[];
  /** Next answers to modal questions and to notifications: a button's title. */
  press: (string | undefined)[];
  /** Next answers to quick picks: the label of the row (`canPickMany`: all preselected ones). */
  pick: (string | undefined)[];
  /** Next answers to input boxes. */
  type: (string | undefined)[];
  clipboard: string;
  settings: Record<string, unknown>;
  /** Lines of the log, as they reach the channel. */
  log: string[];
  executed: string[];
  /** Context keys by name, as `setContext` set them. */
  contextKeys: Record<string, unknown>;
  /** Titles and rows of the quick picks, as they were shown. */
  asked: {
    title: string;
    rows: { label: string; description?: string; detail?: string; picked?: boolean }[];
  }[];
  /** Next files that a dialog gives. */
  files: (StubFile | undefined)[];
  /** Paths that save dialogs proposed. */
  proposed: string[];
  /** What lies on the disk. */
  disk: Map<StubFile, Uint8Array>;
  /** Presses the button of the progress that is shown. */
  cancel(): void;
  /** The tabs that were opened. */
  tabs: StubTab[];
}

/** A webview panel from the user's and from its page's side. */
export class StubTab {
  visible = true;
  /** What the host sent to the page. */
  readonly received: unknown[] = [];
  readonly #listeners = {
    view: new Set<Listener>(),
    gone: new Set<Listener>(),
    message: new Set<Listener>(),
  };
  readonly webview = {
    options: {},
    html: '',
    asWebviewUri: ({ fsPath }: { fsPath: string }) => ({ toString: () => fsPath }),
    postMessage: (message: unknown) => Promise.resolve(this.received.push(message) > 0),
    onDidReceiveMessage: this.#event('message'),
  };
  readonly onDidChangeViewState = this.#event('view');
  readonly onDidDispose = this.#event('gone');
  iconPath: unknown;

  constructor(
    readonly viewType: string,
    readonly title: string,
  ) {}

  /** Sends what its page would. Resolves when the host has done what there was to do. */
  async send(message: unknown): Promise<void> {
    for (const listener of this.#listeners.message) await listener(message);
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    for (const listener of this.#listeners.view) void listener();
  }

  reveal(): void {
    this.setVisible(true);
  }

  dispose(): void {
    for (const listener of [...this.#listeners.gone]) void listener();
  }

  #event(name: 'view' | 'gone' | 'message') {
    return (listener: Listener) => {
      this.#listeners[name].add(listener);
      return { dispose: () => this.#listeners[name].delete(listener) };
    };
  }
}
type Listener = (message?: unknown) => unknown;

/** A name, or what is used of a `Uri`. */
type StubFile = string | { scheme: string; fsPath: string };

export const editor: Script = {
  shown: [],
  press: [],
  pick: [],
  type: [],
  clipboard: '',
  settings: {},
  log: [],
  executed: [],
  contextKeys: {},
  asked: [],
  files: [],
  proposed: [],
  disk: new Map(),
  cancel() {},
  tabs: [],
};

const configurationListeners = new Set<(event: { affectsConfiguration(name: string): boolean }) => void>();

/** Changes a setting as the user would in settings.json; one of the editor's own by its whole name, `http.proxy`. */
export function changeSetting(name: string, value: unknown): void {
  editor.settings[name] = value;
  const section = name.startsWith('http.') ? name : 'portside';
  for (const listener of configurationListeners)
    listener({ affectsConfiguration: (each) => each === section });
}

/** Forgets everything that was shown, answered and set. */
export function resetEditor(): void {
  Object.assign(editor, {
    shown: [],
    press: [],
    pick: [],
    type: [],
    clipboard: '',
    settings: {},
    log: [],
    executed: [],
    contextKeys: {},
    asked: [],
    files: [],
    proposed: [],
    disk: new Map(),
    cancel() {},
    tabs: [],
  });
  configurationListeners.clear();
}

interface Manifest {
  contributes: { configuration: { properties: Record<string, { default: unknown }> } };
}
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

const show =
  (severity: Shown['severity']) =>
  (message: string, ...rest: (string | { modal?: boolean; detail?: string })[]) => {
    const options = rest.find((each) => typeof each === 'object');
    const buttons = rest.filter((each) => typeof each === 'string');
    editor.shown.push({
      severity,
      message,
      modal: options?.modal ?? false,
      ...(options?.detail !== undefined && { detail: options.detail }),
      buttons,
    });
    const press = editor.press.shift();
    if (press !== undefined && !buttons.includes(press)) throw new Error(`There is no button "${press}".`);
    return Promise.resolve(press);
  };

/** Parts of what is said to language models. */
export const editorParts = {
  LanguageModelTextPart: class {
    constructor(readonly value: string) {}
  },
  LanguageModelToolCallPart: class {
    constructor(
      readonly callId: string,
      readonly name: string,
      readonly input: object,
    ) {}
  },
  LanguageModelToolResultPart: class {
    constructor(
      readonly callId: string,
      readonly content: unknown[],
    ) {}
  },
  LanguageModelPromptTsxPart: class {
    constructor(readonly value: unknown) {}
  },
};

const stub = {
  ...editorParts,
  ...lmStub,
  LanguageModelChatMessageRole: { User: 1, Assistant: 2 },
  LanguageModelChatToolMode: { Auto: 1, Required: 2 },
  MarkdownString: class {
    value = '';
    appendText(text: string) {
      this.value += text;
    }
  },
  l10n: {
    t: (message: string, ...args: unknown[]) =>
      message.replace(/\{(\d+)\}/g, (_, n: string) => String(args[Number(n)])),
  },
  window: {
    state: { focused: true },
    tabGroups: { all: [] },
    showErrorMessage: show('error'),
    showWarningMessage: show('warning'),
    showInformationMessage: show('information'),
    setStatusBarMessage: () => ({ dispose() {} }),
    withProgress: (_: unknown, task: (progress: object, token: object) => unknown) =>
      task(
        { report() {} },
        {
          onCancellationRequested: (listener: () => void) => {
            editor.cancel = listener;
            return { dispose() {} };
          },
        },
      ),
    showQuickPick: (
      items: { label: string; picked?: boolean }[],
      options: { title?: string; canPickMany?: boolean },
    ) => {
      editor.asked.push({ title: options.title ?? '', rows: items });
      const label = editor.pick.shift();
      if (label === undefined) return Promise.resolve(undefined);
      if (options.canPickMany) return Promise.resolve(items.filter(({ picked }) => picked));
      const item = items.find((each) => each.label === label);
      if (!item) throw new Error(`There is no row "${label}".`);
      return Promise.resolve(item);
    },
    createWebviewPanel: (type: string, title: string) => {
      const tab = new StubTab(type, title);
      editor.tabs.push(tab);
      return tab;
    },
    registerWebviewPanelSerializer: () => ({ dispose() {} }),
    showInputBox: () => Promise.resolve(editor.type.shift()),
    showSaveDialog: (options: { defaultUri?: { fsPath: string } }) => {
      if (options.defaultUri) editor.proposed.push(options.defaultUri.fsPath);
      return Promise.resolve(editor.files.shift());
    },
    showOpenDialog: () => {
      const file = editor.files.shift();
      return Promise.resolve(file === undefined ? undefined : [file]);
    },
    createInputBox: () => {
      let accept = () => {};
      let hide = () => {};
      const box = {
        value: '',
        password: false,
        onDidChangeValue() {},
        onDidTriggerButton() {},
        onDidAccept: (listener: () => void) => (accept = listener),
        onDidHide: (listener: () => void) => (hide = listener),
        dispose() {},
        show() {
          if (!box.password) throw new Error('A key must not be shown while it is typed.');
          const text = editor.type.shift();
          box.value = text ?? '';
          queueMicrotask(text === undefined ? hide : accept);
        },
      };
      return box;
    },
    createOutputChannel: () => {
      const line = (text: string) => void editor.log.push(text);
      return { debug: line, info: line, warn: line, error: line, show() {}, dispose() {} };
    },
  },
  env: {
    language: 'en',
    clipboard: {
      writeText: (text: string) => {
        editor.clipboard = text;
        return Promise.resolve();
      },
    },
    openExternal: () => Promise.resolve(true),
  },
  workspace: {
    textDocuments: [],
    registerTextDocumentContentProvider: () => ({ dispose() {} }),
    fs: {
      writeFile: (file: StubFile, bytes: Uint8Array) => Promise.resolve(void editor.disk.set(file, bytes)),
      readFile: (file: StubFile) => Promise.resolve(editor.disk.get(file)),
      stat: (file: StubFile) => Promise.resolve({ size: editor.disk.get(file)?.length ?? 0 }),
    },
    getConfiguration: (section: string) => ({
      get: (name: string, otherwise?: unknown) =>
        editor.settings[section === 'http' ? `http.${name}` : name] ??
        manifest.contributes.configuration.properties[`${section}.${name}`]?.default ??
        otherwise,
      update: (name: string, value: unknown, target: number) => {
        if (target !== 1) throw new Error('Settings are written for the machine alone.');
        changeSetting(name, value);
        return Promise.resolve();
      },
    }),
    onDidChangeConfiguration: (listener: Parameters<(typeof configurationListeners)['add']>[0]) => {
      configurationListeners.add(listener);
      return { dispose: () => configurationListeners.delete(listener) };
    },
  },
  commands: {
    executeCommand: (name: string, ...rest: unknown[]) => {
      editor.executed.push(name);
      if (name === 'setContext') editor.contextKeys[String(rest[0])] = rest[1];
      return Promise.resolve();
    },
  },
  Uri: {
    parse: (text: string) => text,
    file: (fsPath: string) => ({
      scheme: 'file',
      fsPath,
      with: (part: object) => ({ scheme: 'file', fsPath, ...part }),
    }),
    joinPath: ({ scheme, fsPath }: { scheme: string; fsPath: string }, ...names: string[]) => ({
      scheme,
      fsPath: join(fsPath, ...names),
    }),
  },
  Position: class {
    constructor(
      readonly line: number,
      readonly character: number,
    ) {}
  },
  Range: class {
    constructor(
      readonly start: unknown,
      readonly end: unknown,
    ) {}
  },
  ThemeIcon: class {
    constructor(readonly id: string) {}
  },
  ViewColumn: { Active: -1 },
  ConfigurationTarget: { Global: 1, Workspace: 2 },
  ProgressLocation: { Window: 10, Notification: 15 },
  QuickPickItemKind: { Separator: -1, Default: 0 },
};

const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
const load = loader._load;
loader._load = function (request, ...rest) {
  return request === 'vscode' ? stub : load.call(this, request, ...rest);
};
