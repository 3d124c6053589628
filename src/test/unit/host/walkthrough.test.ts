import './vscode-stub';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { COMMANDS } from '../../../host/commands/commands';
import type { ContextKeys } from '../../../host/context-keys';

interface Manifest {
  contributes: {
    commands: { command: string; enablement?: string }[];
    configuration: { properties: Record<string, unknown> };
    walkthroughs: {
      id: string;
      steps: {
        id: string;
        title: string;
        description: string;
        media: { svg: string; altText: string };
        completionEvents: string[];
      }[];
    }[];
  };
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const manifest = read('package.json') as Manifest;
const languages = readdirSync('.').filter((name) => /^package\.nls(\..+)?\.json$/.test(name));
const texts = (file: string) => read(file) as Record<string, string>;

/** Every key there is; the compiler sees to it that none is missing. */
const KEYS: Record<keyof ContextKeys, true> = {
  hasAccount: true,
  running: true,
  stopped: true,
  served: true,
};
const isKey = (name: string) => name.startsWith('portside.') && name.slice('portside.'.length) in KEYS;
const isCommand = (name: string) =>
  name.startsWith('portside.') && name.slice('portside.'.length) in COMMANDS;
const isSetting = (name: string) => name in manifest.contributes.configuration.properties;

describe('the walkthrough', () => {
  const [walkthrough, ...others] = manifest.contributes.walkthroughs;
  const steps = walkthrough?.steps ?? [];
  const linksIn = (text: string) =>
    [...text.matchAll(/\]\(command:([\w.]+)(?:\?([^)]*))?\)/g)].map(([, command, argument]) => ({
      command: command!,
      argument: argument === undefined ? undefined : (JSON.parse(decodeURIComponent(argument)) as unknown),
    }));

  it('leads from an account to the first answer', () => {
    assert.deepEqual(others, []);
    assert.equal(walkthrough?.id, 'getStarted');
    assert.deepEqual(
      steps.map(({ id }) => id),
      ['account', 'start', 'health', 'agent', 'request'],
    );
  });

  it('ticks each step off by itself, by what can really happen', () => {
    for (const { id, completionEvents } of steps) {
      assert.ok(completionEvents.length > 0, id);
      for (const event of completionEvents) {
        const [kind, what = ''] = event.split(':');
        if (kind === 'onCommand') assert.ok(isCommand(what), event);
        else if (what.startsWith('config.')) assert.ok(isSetting(what.slice('config.'.length)), event);
        else assert.ok(kind === 'onContext' && isKey(what), event);
      }
    }
  });

  it('asks in conditions for context keys that are set', () => {
    for (const { command, enablement = '' } of manifest.contributes.commands)
      for (const name of enablement.match(/[\w.]+/g) ?? [])
        assert.ok(isKey(name) || isSetting(name.replace(/^config\./, '')), `${command}: ${name}`);
  });

  for (const file of languages) {
    it(`has in each step of ${file} a button that does it, and links to nothing that is not there`, () => {
      const said = texts(file);
      for (const { id } of steps) {
        const description = said[`walkthrough.${id}.description`]!;
        assert.match(description, /^\[[^\]]+\]\(command:portside\.\w+\)$/m, id);
        for (const { command, argument } of linksIn(description)) {
          assert.ok(isCommand(command), command);
          assert.equal(argument, undefined);
        }
        // The page of walkthroughs knows bold text and links, and shows everything else as it is written.
        assert.doesNotMatch(description, /`|^#|^[-*] /m, id);
      }
    });

    it(`leads to the same places in ${file}`, () => {
      const english = texts('package.nls.json');
      for (const [key, text] of Object.entries(texts(file))) {
        assert.deepEqual(linksIn(text), linksIn(english[key]!), key);
        const settings = (words: string) => (words.match(/`#[\w.]+#`/g) ?? []).sort();
        assert.deepEqual(settings(text), settings(english[key]!), key);
      }
    });
  }

  it('has a picture to each step that wears the theme’s colours, with words for who cannot see it', () => {
    for (const { media } of steps) {
      const picture = readFileSync(media.svg, 'utf8');
      assert.ok(statSync(media.svg).size < 20_000, media.svg);
      assert.match(picture, /^<svg [^>]*viewBox=/);
      assert.doesNotMatch(picture, /<script|<image|<foreignObject|href=|\son\w+=/i, media.svg);
      for (const [, paint] of picture.matchAll(/(?:fill|stroke)="([^"]+)"/g))
        assert.match(paint!, /^(none|var\(--vscode-.+\))$/, media.svg);
      for (const file of languages) assert.ok(texts(file)[media.altText.replaceAll('%', '')], media.altText);
    }
  });

  it('says nothing in pictures that would have to be translated', () => {
    const plain =
      /^(Portside(: 8045 \(1\))?|OpenAI|Anthropic|Gemini|Ollama|[•\s]+|Demo|portside-demo|claude|codex|gemini|GET|200 OK|HTTP\/1\.1|\{"status":"ok"\}|[\d.$ s:]+|http:\/\/\S+)$/;
    for (const { media } of steps)
      for (const [, words] of readFileSync(media.svg, 'utf8').matchAll(/<text[^>]*>([^<]*)<\/text>/g))
        assert.match(words!, plain, media.svg);
  });
});
