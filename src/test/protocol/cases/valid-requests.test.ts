/** Every conversation of the matrix reaches every account in a form that its provider takes (CASES 25). */
import assert from 'node:assert/strict';
import { DIALECT_NAMES } from '../../support/dialect-requests';
import { CORPUS } from '../matrix/corpus';
import { canSay } from '../matrix/features';
import { lossesOf } from '../matrix/losses';
import { writeRequest } from '../matrix/write-request';
import { askedModel, TARGETS, useStrictAccounts } from './accounts';

describe('CASES 25: what is translated is valid for its target', () => {
  const strict = useStrictAccounts();

  for (const target of TARGETS)
    for (const client of DIALECT_NAMES.filter((one) => one !== target.dialect))
      describe(`${client} → ${target.id}, ${target.model}`, () => {
        for (const given of CORPUS.filter((one) => canSay(one.features, client)))
          it(given.name, async () => {
            const request = writeRequest(client, given.ask, {
              model: askedModel(target),
              stream: false,
              ...(given.callIds === false && { callIds: false }),
            });
            const response = await fetch(strict.portside.url + request.path, {
              method: 'POST',
              headers: request.headers,
              body: JSON.stringify(request.body),
            });
            const text = await response.text();
            // What cannot be carried over Portside itself refuses, and asks nobody.
            const refused = lossesOf(given.features, client, target.dialect).some(
              (loss) => loss.type === 'refused',
            );
            assert.equal(response.status, refused ? 400 : 200, text);
            assert.equal(strict.upstream.generations.length, refused ? 0 : 1);
          });
      });
});
