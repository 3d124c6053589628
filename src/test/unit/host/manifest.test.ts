import './vscode-stub';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { COMMANDS } from '../../../host/commands/commands';
import { readNetwork } from '../../../host/network';
import { editorSettings } from '../../../host/settings';
import { AUTH_MODES, proxySettingsSchema, SCHEDULINGS, ZAI_DISPATCH_MODES } from '../../../shared/settings';
import { resetEditor } from './vscode-stub';

interface Property {
  scope: string;
  default: unknown;
  enum?: string[];
  markdownEnumDescriptions?: string[];
}
interface Manifest {
  icon: string;
  activationEvents: string[];
  extensionKind: string[];
  capabilities: { untrustedWorkspaces: { supported: unknown }; virtualWorkspaces: unknown };
  contributes: {
    commands: { command: string; category: string; title: string; icon?: string }[];
    configuration: { properties: Record<string, Property> };
    configurationDefaults: Record<string, Record<string, unknown>>;
  };
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

describe('the manifest', () => {
  const manifest = read('package.json') as Manifest;
  const { commands, configuration, configurationDefaults } = manifest.contributes;

  it('declares exactly the commands that are registered, under one category', () => {
    assert.deepEqual(
      commands.map(({ command }) => command).sort(),
      Object.keys(COMMANDS)
        .map((name) => `portside.${name}`)
        .sort(),
    );
    assert.deepEqual([...new Set(commands.map(({ category }) => category))], ['Portside']);
  });

  it('has the defaults of the schema', () => {
    resetEditor();
    const { autoStart, ...settings } = editorSettings.read();
    const { apiKey, accounts, clientKeys, network, ...defaults } = proxySettingsSchema.parse({});
    assert.deepEqual({ ...settings, zai: { key: '', ...settings.zai } }, defaults);
    assert.equal(autoStart, false);
    assert.deepEqual([apiKey, accounts, clientKeys], ['', [], []]);
    const { certificates: _, ...ownNetwork } = network;
    const { certificates, ...fromEditor } = readNetwork(undefined, {});
    assert.deepEqual(fromEditor, ownNetwork);
    assert.ok(Array.isArray(certificates));
  });

  it('keeps every setting to the machine and none secret', () => {
    for (const [name, { scope }] of Object.entries(configuration.properties)) {
      assert.equal(scope, 'machine', name);
      assert.doesNotMatch(name, /key|secret|token|accounts|password/i);
    }
  });

  it('gives every command a title that can be translated, and icons of the editor’s own set', () => {
    for (const { command, title, icon = '$(none)' } of commands) {
      assert.equal(title, `%command.${command.slice('portside.'.length)}%`);
      assert.match(icon, /^\$\([a-z-]+\)$/, command);
    }
  });

  it('runs where the workspace and its terminals are, in Restricted Mode and without files too', () => {
    assert.deepEqual(manifest.extensionKind, ['workspace']);
    // No setting can come from a workspace, and nothing of one is run: there is nothing to restrict.
    assert.deepEqual(manifest.capabilities, {
      untrustedWorkspaces: { supported: true },
      virtualWorkspaces: true,
    });
  });

  it('waits until the editor has started, or one of its own pages is restored', () => {
    assert.deepEqual(manifest.activationEvents, [
      'onStartupFinished',
      'onWebviewPanel:portside.panel',
      'onWebviewPanel:portside.monitor',
    ]);
  });

  it('names its port to remote windows, which forward it without asking', () => {
    const port = configuration.properties['portside.port']!.default as number;
    assert.deepEqual(Object.keys(configurationDefaults), ['remote.portsAttributes']);
    assert.deepEqual(configurationDefaults['remote.portsAttributes'], {
      [port]: { label: 'Portside', onAutoForward: 'silent', protocol: 'http' },
    });
  });

  it('offers the choices of the schema, each described', () => {
    const { properties } = configuration;
    for (const [name, values] of [
      ['portside.authMode', AUTH_MODES],
      ['portside.zai.dispatchMode', ZAI_DISPATCH_MODES],
      ['portside.scheduling', SCHEDULINGS],
    ] as const) {
      assert.deepEqual(properties[name]?.enum, [...values]);
      assert.equal(properties[name]?.markdownEnumDescriptions?.length, values.length);
    }
  });

  it('has a text for every key, in every language, and no text without a key', () => {
    const used = [...readFileSync('package.json', 'utf8').matchAll(/"%([^%]+)%"/g)].map(([, key]) => key!);
    for (const file of readdirSync('.').filter((name) => /^package\.nls(\..+)?\.json$/.test(name))) {
      assert.deepEqual(Object.keys(read(file) as object).sort(), [...new Set(used)].sort(), file);
    }
  });
});

describe('the texts of host and pages', function () {
  this.timeout(60_000);
  const bundles = readdirSync('l10n').sort();
  const bundle = (file: string) => read(join('l10n', file)) as Record<string, string>;
  const ENGLISH = 'bundle.l10n.json';

  it('are all in the bundle that translators start from, and nothing else is: npm run l10n', async () => {
    const { collectTexts } = (await import(pathToFileURL('scripts/l10n/collect.mjs').href)) as {
      collectTexts(): Map<string, string[]>;
    };
    const inCode = collectTexts();
    assert.ok(inCode.size > 500, 'the code has texts');
    assert.deepEqual(
      [...inCode].filter(([text]) => !(text in bundle(ENGLISH))),
      [],
      'in the code alone',
    );
    assert.deepEqual(
      Object.keys(bundle(ENGLISH)).filter((text) => !inCode.has(text)),
      [],
      'in the bundle alone',
    );
  });

  it('are there in German, which proves that they can be in any language', () => {
    assert.ok(bundles.includes('bundle.l10n.de.json'));
    assert.equal(bundle('bundle.l10n.de.json')['Start Proxy'], 'Proxy starten');
  });

  for (const file of bundles) {
    it(`are the same ones in ${file}, none of them empty`, () => {
      const translated = bundle(file);
      const english = bundle(ENGLISH);
      const without = (own: object, other: object) => Object.keys(own).filter((text) => !(text in other));
      assert.deepEqual(without(english, translated), [], 'missing');
      assert.deepEqual(without(translated, english), [], 'no longer used');
      assert.deepEqual(
        Object.entries(translated).filter(([, words]) => words.trim() === ''),
        [],
      );
    });

    it(`have the same places for values in ${file}`, () => {
      const places = (words: string) => [...new Set(words.match(/\{\d+\}/g))].sort();
      for (const [text, translated] of Object.entries(bundle(file)))
        assert.deepEqual(places(translated), places(text), text);
    });
  }
});
