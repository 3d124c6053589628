// Brings l10n/ up to the code: `npm run l10n`.
// The English bundle is written anew: each text as its own translation. From the other languages what no code shows any
// more is dropped; what they lack is listed, and then the exit code is 1.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectTexts } from './collect.mjs';

const ENGLISH = 'bundle.l10n.json';

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const write = (file, texts) => writeFileSync(file, JSON.stringify(texts, null, 2) + '\n');

/** Keeps of a language what is still used, in this order. Gives what it lacks. */
function trim(file, keys) {
  const texts = read(file);
  const kept = keys.filter((key) => Object.hasOwn(texts, key));
  write(file, Object.fromEntries(kept.map((key) => [key, texts[key]])));
  return keys.filter((key) => !Object.hasOwn(texts, key));
}

const texts = [...collectTexts().keys()];
write(join('l10n', ENGLISH), Object.fromEntries(texts.map((text) => [text, text])));

const manifest = Object.keys(read('package.nls.json'));
const languages = [
  ...readdirSync('l10n')
    .filter((name) => name !== ENGLISH)
    .map((name) => [join('l10n', name), texts]),
  ...readdirSync('.')
    .filter((name) => /^package\.nls\..+\.json$/.test(name))
    .map((name) => [name, manifest]),
];
console.log(`${ENGLISH}: ${texts.length} texts`);
for (const [file, keys] of languages) {
  const missing = trim(file, keys);
  console.log(`${file}: ${keys.length - missing.length} of ${keys.length}`);
  for (const key of missing) console.log(`  missing: ${JSON.stringify(key)}`);
  if (missing.length > 0) process.exitCode = 1;
}
