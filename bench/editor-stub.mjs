// A stand-in for the `vscode` module: what the extension reads at activation behaves, everything else swallows what is
// done to it. Good enough to time activation; the behaviour is tested in a real editor.
import { EventEmitter as Emitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';

/** A value that can be called, constructed, read and iterated without end, and is nothing. */
const nothing = new Proxy(
  function () {
    return nothing;
  },
  {
    get(target, name) {
      if (name === 'then') return undefined;
      if (name === Symbol.toPrimitive) return () => '';
      if (name === Symbol.iterator) return [][Symbol.iterator];
      return nothing;
    },
    set: () => true,
    apply: () => nothing,
    construct: () => nothing,
  },
);

/** An object that answers what it has, and `nothing` for the rest. */
const partly = (members) =>
  new Proxy(members, {
    get: (target, name) => (name in target ? target[name] : name === 'then' ? undefined : nothing),
  });

class EventEmitter {
  #events = new Emitter();
  event = (listener) => {
    this.#events.on('event', listener);
    return { dispose: () => this.#events.off('event', listener) };
  };
  fire = (value) => this.#events.emit('event', value);
  dispose = () => this.#events.removeAllListeners();
}

class Disposable {
  static from(...all) {
    return new Disposable(() => all.forEach((each) => each.dispose()));
  }

  dispose = () => undefined;

  constructor(dispose) {
    this.dispose = dispose;
  }
}

/** The editor's Memento and SecretStorage over a map. */
const storage = () => {
  const values = new Map();
  return {
    get: (key, otherwise) => values.get(key) ?? otherwise,
    keys: () => [...values.keys()],
    update: (key, value) => Promise.resolve(values.set(key, value)),
    store: (key, value) => Promise.resolve(values.set(key, value)),
    delete: (key) => Promise.resolve(values.delete(key)),
    setKeysForSync: () => undefined,
    onDidChange: () => new Disposable(() => undefined),
  };
};

/** Every name of the editor's API, as `nothing`: bundlers copy the names a module owns, so a trap would not be seen. */
function emptyApi() {
  const types = readFileSync(createRequire(import.meta.url).resolve('@types/vscode/index.d.ts'), 'utf8');
  const names = types.matchAll(/^\s*export (?:namespace|class|enum|const|function) (\w+)/gm);
  return Object.fromEntries([...names].map(([, name]) => [name, nothing]));
}

/** The editor's answer where nobody chose anything. */
const answered = () => Promise.resolve(undefined);

/** The `vscode` module and the context that `activate` takes; `root` is the extension's folder. */
export function makeEditor(root) {
  const uri = (path) => partly({ scheme: 'file', path, fsPath: path, toString: () => `file://${path}` });
  const secrets = storage();
  const vscode = partly({
    ...emptyApi(),
    EventEmitter,
    Disposable,
    Uri: partly({
      file: uri,
      parse: uri,
      joinPath: (base, ...parts) => uri([base.path, ...parts].join('/')),
    }),
    workspace: partly({
      getConfiguration: () =>
        partly({ get: (_name, otherwise) => otherwise, has: () => false, inspect: () => undefined }),
      isTrusted: true,
    }),
    commands: partly({ executeCommand: answered }),
    window: partly({
      showInformationMessage: answered,
      showWarningMessage: answered,
      showErrorMessage: answered,
    }),
    l10n: { t: (text) => (typeof text === 'string' ? text : text.message), bundle: undefined },
    env: partly({ language: 'en', appName: 'bench' }),
  });
  const context = partly({
    subscriptions: [],
    extensionPath: root,
    extensionUri: uri(root),
    asAbsolutePath: (path) => `${root}/${path}`,
    globalStorageUri: uri(tmpdir()),
    globalState: storage(),
    workspaceState: storage(),
    secrets: { ...secrets, get: (key) => Promise.resolve(secrets.get(key)) },
    extension: partly({ packageJSON: { version: '0.0.0' }, id: 'portside.portside' }),
    extensionMode: 1,
  });
  return { vscode, context };
}
