import './vscode-stub';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../../host/commands/commands';
import { readNetwork } from '../../../host/network';
import { editorSettings } from '../../../host/settings';
import { PROVIDER_LIST } from '../../../shared/provider-list';
import { AUTH_MODES, proxySettingsSchema, SCHEDULINGS, ZAI_DISPATCH_MODES } from '../../../shared/settings';
import { resetEditor } from './vscode-stub';

interface Property {
  scope: string;
  default: unknown;
  enum?: string[];
  markdownEnumDescriptions?: string[];
}
interface Manifest {
  contributes: {
    commands: { command: string; category: string; title: string }[];
    configuration: { properties: Record<string, Property> };
  };
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

describe('the manifest', () => {
  const manifest = read('package.json') as Manifest;
  const { commands, configuration } = manifest.contributes;

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

describe('the texts of the host', () => {
  const inCode = (): Set<string> => {
    const inHost = readdirSync('src/host', { recursive: true, encoding: 'utf8' });
    const files = [
      'src/extension.ts',
      ...inHost.filter((name) => name.endsWith('.ts')).map((name) => join('src/host', name)),
    ];
    const found = new Set(PROVIDER_LIST.map(({ detail }) => detail));
    for (const file of files) {
      const source = readFileSync(file, 'utf8');
      for (const [, text] of source.matchAll(/\bt\(\s*'((?:[^'\\]|\\.)*)'/g))
        found.add(text!.replaceAll("\\'", "'"));
    }
    return found;
  };

  it('are all in the bundle that translators start from', () => {
    const bundle = read('l10n/bundle.l10n.json') as Record<string, string>;
    const missing = [...inCode()].filter((text) => !(text in bundle));
    assert.deepEqual(missing, []);
  });

  it('have the same places for values in every language', () => {
    for (const file of readdirSync('l10n')) {
      for (const [text, translated] of Object.entries(read(join('l10n', file)) as Record<string, string>)) {
        const places = (words: string) => [...new Set(words.match(/\{\d+\}/g))].sort();
        assert.deepEqual(places(translated), places(text), `${file}: ${text}`);
      }
    }
  });
});
