import assert from 'node:assert/strict';
import type { ExchangeRecord } from '../../../../../shared/exchange';
import {
  describeChoice,
  describeStatus,
  groupWarnings,
  tokensPerSecond,
} from '../../../../../webview/monitor/detail/describe-exchange';

const record = (part: Partial<ExchangeRecord>) => part as ExchangeRecord;

describe('an exchange in words', () => {
  it('statuses have their phrase, also those of providers; unknown ones stay numbers', () => {
    assert.equal(describeStatus(429), '429 Too Many Requests');
    assert.equal(describeStatus(529), '529 Overloaded');
    assert.equal(describeStatus(299), '299');
    assert.equal(describeStatus(0), 'No status');
  });

  it('warnings stand together by type, equal ones once', () => {
    const dropped = { type: 'dropped', field: 'top_k', message: 'none' };
    const changed = { type: 'changed', field: 'top_k', message: 'none' };
    assert.deepEqual(
      groupWarnings({ warnings: [dropped, changed, dropped, { ...dropped, field: 'seed' }] }),
      [
        {
          type: 'dropped',
          rows: [
            { field: 'top_k', message: 'none', times: 2 },
            { field: 'seed', message: 'none', times: 1 },
          ],
        },
        { type: 'changed', rows: [{ field: 'top_k', message: 'none', times: 1 }] },
      ],
    );
  });

  it('speed is that of the time in which the answer came', () => {
    const usage = { inputTokens: 1, outputTokens: 300 };
    assert.equal(tokensPerSecond(record({ usage, firstByteMs: 1000, durationMs: 4000 })), 100);
    assert.equal(tokensPerSecond(record({ usage, firstByteMs: 1000, durationMs: 1020 })), undefined);
    assert.equal(tokensPerSecond(record({ usage, durationMs: 4000 })), undefined);
    assert.equal(tokensPerSecond(record({ firstByteMs: 1000, durationMs: 4000 })), undefined);
  });

  it('an unknown way of choosing is named as it is', () => {
    assert.equal(describeChoice(record({ chosenBy: 'turn' })), 'its turn');
    assert.equal(describeChoice(record({ chosenBy: 'lot' })), 'lot');
    assert.equal(describeChoice(record({})), undefined);
  });
});
