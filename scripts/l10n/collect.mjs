// Finds every text that the code shows to people: the first argument of each call of `t`, in the host (`vscode.l10n.t`)
// and in the pages of panel and monitor (`t` of @vscode/l10n).
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Where texts are shown. */
const SHOWN = ['src/extension.ts', 'src/host', 'src/webview', 'src/shared/describe-start-failure.ts'];

/**
 * Calls whose text stands elsewhere, by file and argument: `{ file, property }` for all strings that properties of that
 * name have in a file, `{ file, constant }` for all strings within a constant. Without either: the text is another call's.
 */
const INDIRECT = {
  'src/host/commands/accounts/add-account.ts': {
    'info.detail': { file: 'src/shared/provider-list.ts', property: 'detail' },
  },
  'src/host/accounts/translate-verdict.ts': {
    sentence: { file: 'src/host/accounts/translate-verdict.ts', constant: 'SENTENCES' },
  },
  'src/webview/accounts/account-form.ts': {
    'info.detail': { file: 'src/shared/provider-list.ts', property: 'detail' },
    'key.problem': { file: 'src/shared/account-key.ts', property: 'problem' },
  },
  'src/host/panel/panel.ts': { message: {} },
  'src/webview/monitor/detail/describe-exchange.ts': {
    'CHOSEN[chosenBy] ?? chosenBy': { file: 'src/shared/describe-decision.ts', constant: 'CHOSEN' },
  },
};

/** The source files below a path, in a stable order. */
function sources(path) {
  if (path.endsWith('.ts')) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .sort()
    .map((name) => join(path, name));
}

const parsed = new Map();
function parse(file) {
  if (!parsed.has(file))
    parsed.set(file, ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true));
  return parsed.get(file);
}

function visit(node, look) {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

/** The strings that an expression can be, or undefined when that does not stand there. */
function literals(node) {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return literals(node.expression);
  if (ts.isConditionalExpression(node)) {
    const both = [literals(node.whenTrue), literals(node.whenFalse)];
    return both.includes(undefined) ? undefined : both.flat();
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [literals(node.left), literals(node.right)];
    return left?.length === 1 && right?.length === 1 ? [left[0] + right[0]] : undefined;
  }
  return undefined;
}

const isT = (callee) =>
  (ts.isIdentifier(callee) && callee.text === 't') ||
  (ts.isPropertyAccessExpression(callee) && callee.name.text === 't');

function elsewhere({ file, property, constant }) {
  const found = [];
  if (!file) return found;
  visit(parse(file), (node) => {
    if (property && ts.isPropertyAssignment(node) && node.name.getText() === property)
      found.push(...(literals(node.initializer) ?? []));
    if (constant && ts.isVariableDeclaration(node) && node.name.getText() === constant)
      visit(node.initializer, (inner) => {
        const isValue = !(ts.isPropertyAssignment(inner.parent) && inner.parent.name === inner);
        if (ts.isStringLiteralLike(inner) && isValue) found.push(inner.text);
      });
  });
  if (found.length === 0) throw new Error(`${file} has no texts in ${property ?? constant}.`);
  return found;
}

/**
 * All texts of the code.
 * @returns {Map<string, string[]>} each text with the places that show it, as `file:line`; sorted by text.
 * @throws when a call's text cannot be told from the code
 */
export function collectTexts() {
  const places = new Map();
  const unknown = [];
  for (const file of SHOWN.flatMap(sources)) {
    const source = parse(file);
    visit(source, (node) => {
      if (!ts.isCallExpression(node) || !isT(node.expression) || node.arguments.length === 0) return;
      const [argument] = node.arguments;
      const place = `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
      const indirect = INDIRECT[file]?.[argument.getText()];
      const texts = literals(argument) ?? (indirect && elsewhere(indirect));
      if (!texts) unknown.push(`${place}: t(${argument.getText()})`);
      for (const text of texts ?? []) places.set(text, [...(places.get(text) ?? []), place]);
    });
  }
  if (unknown.length > 0)
    throw new Error(`Say in scripts/l10n/collect.mjs where these texts come from:\n${unknown.join('\n')}`);
  return new Map([...places].sort(([a], [b]) => (a < b ? -1 : 1)));
}
