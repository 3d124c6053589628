/** Files of agents as people have them, for property tests: comments, CRLF, byte order marks, unknown keys. */
import fc from 'fast-check';
import { stringify as toml } from 'smol-toml';
import { stringify as yaml } from 'yaml';

const NAMES = [
  'env',
  'model',
  'security',
  'auth',
  'permissions',
  'modelProviders',
  'model_providers',
  'provider',
  'a',
];
const name = fc.oneof(fc.constantFrom(...NAMES), fc.string({ minLength: 1, maxLength: 6 }));
const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean());
const table = fc.dictionary(name, fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), { maxKeys: 4 });
const nested = fc.dictionary(name, fc.oneof(scalar, table, fc.dictionary(name, table, { maxKeys: 2 })), {
  maxKeys: 4,
});

const dress = (
  text: string,
  { crlf, mark, newline }: { crlf: boolean; mark: boolean; newline: boolean },
): string => {
  const whole = newline ? text : text.replace(/\n+$/, '');
  return (mark ? '\uFEFF' : '') + (crlf ? whole.replaceAll('\n', '\r\n') : whole);
};
const layout = fc.record({ crlf: fc.boolean(), mark: fc.boolean(), newline: fc.boolean() });
const indent = fc.constantFrom<string | number>(0, 2, 4, '\t');

/** JSON with comments on lines of their own and behind values. */
const json = fc.tuple(nested, layout, indent, fc.boolean()).map(([value, style, unit, comments]) => {
  const lines = JSON.stringify(value, null, unit).split('\n');
  const said = comments
    ? lines.flatMap((line, index) =>
        index % 3 === 1 ? ['  // comment "{', `${line} /* comment } */`] : [line],
      )
    : lines;
  return dress(`${said.join('\n')}\n`, style);
});

/** A list of objects, as the editor's own. */
const listFile = fc
  .tuple(fc.array(nested, { maxLength: 3 }), layout, indent)
  .map(([value, style, unit]) => dress(`// comment\n${JSON.stringify(value, null, unit)}\n`, style));

const tomlFile = fc
  .tuple(nested, layout)
  .map(([value, style]) => dress(`# comment = 1\n${toml(value)}\n# comment [x]\n`, style));

const envFile = fc
  .tuple(
    fc.array(
      fc.constantFrom(
        '# comment',
        'B=1',
        'export C="2" # comment',
        '',
        'D: x',
        "E='#'",
        'GEMINI_API_KEY=mine',
        'no variable',
      ),
    ),
    layout,
  )
  .map(([lines, style]) => dress(`${lines.join('\n')}\n`, style));

const yamlFile = fc
  .tuple(fc.dictionary(fc.constantFrom('name', 'version', 'rules', 'x'), scalar), layout)
  .map(([value, style]) =>
    dress(`# comment\n${Object.keys(value).length > 0 ? yaml(value) : ''}# comment\n`, style),
  );

/** Some file by the ending of its name, or none. */
export function sampleFile(path: string): fc.Arbitrary<string | undefined> {
  const text = path.endsWith('.toml')
    ? tomlFile
    : path.endsWith('.env')
      ? envFile
      : /\.ya?ml$/.test(path)
        ? yamlFile
        : /LanguageModels\.json$/.test(path)
          ? listFile
          : json;
  return fc.option(text, { nil: undefined, freq: 8 });
}

/** How many comments a sample still has. */
export const commentsOf = (text = ''): number => text.match(/comment/g)?.length ?? 0;
