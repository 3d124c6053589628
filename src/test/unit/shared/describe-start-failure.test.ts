import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { BindError, NoAccountsError } from '../../../proxy/errors';
import { describeStartFailure } from '../../../shared/describe-start-failure';

const put = (message: string, args: (string | number)[]) =>
  message.replace(/\{(\d+)\}/g, (_, n: string) => String(args[Number(n)]));
const english = (message: string, ...args: (string | number)[]) => put(message, args);
const bundle = JSON.parse(readFileSync('l10n/bundle.l10n.de.json', 'utf8')) as Record<string, string>;
const german = (message: string, ...args: (string | number)[]) => put(bundle[message]!, args);

const noAccounts = new NoAccountsError();
const bind = new BindError('127.0.0.1', 8045, 'EADDRINUSE', 'address already in use');

describe('why the proxy did not start', () => {
  it('is literal in English (SPEC 1.4, 1.5)', () => {
    for (const { message, code, ...place } of [noAccounts, { ...bind, message: bind.message }])
      assert.equal(describeStartFailure({ message, code, ...place }, english), message);
  });

  it('is told in the language of the editor', () => {
    const { message, code, host, port } = bind;
    assert.equal(
      describeStartFailure(noAccounts, german),
      'Keine verfügbaren Konten: zuerst ein Konto hinzufügen',
    );
    assert.equal(
      describeStartFailure({ message, code, host, port }, german),
      'Server nicht gestartet: Die Adresse 127.0.0.1:8045 lässt sich nicht binden: address already in use',
    );
  });

  it('is what the failure says when it is of another kind', () => {
    assert.equal(describeStartFailure({ message: 'no luck', code: 'X' }, german), 'no luck');
  });
});
