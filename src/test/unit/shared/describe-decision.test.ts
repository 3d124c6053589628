import assert from 'node:assert/strict';
import { describeDecision, isNoteworthy } from '../../../shared/describe-decision';
import type { ExchangeRecord } from '../../../shared/exchange';

const record = (more: Partial<ExchangeRecord>): ExchangeRecord => ({
  seq: 1,
  id: 'req_1',
  time: 0,
  method: 'POST',
  path: '/v1/messages',
  modelAsked: 'claude-x',
  attempts: [{ account: 'First', model: 'claude-x', status: 200 }],
  chosenBy: 'turn',
  status: 200,
  outcome: 'completed',
  durationMs: 1,
  warnings: [],
  ...more,
});

describe('the words for a decision of the schedule', () => {
  it('say who served and why', () => {
    assert.equal(
      describeDecision(record({})),
      'req_1 claude-x -> First claude-x, 200: first First (its turn)',
    );
    assert.equal(isNoteworthy(record({})), false);
  });

  it('say who failed, who was left out, and how long it waited', () => {
    const told = record({
      chosenBy: 'sticky',
      attempts: [
        { account: 'First', model: 'claude-x', status: 429, reason: 'slow down' },
        { account: 'Second', model: 'claude-x', status: 200 },
      ],
      skipped: [{ account: 'Third', model: 'claude-x', reason: 'cooling until 12:00:05 (requests)' }],
      queuedMs: 12,
    });
    assert.equal(
      describeDecision(told),
      'req_1 claude-x -> Second claude-x, 200: first First (its conversation stays there); First claude-x failed: 429 slow down; ' +
        'Third claude-x left out: cooling until 12:00:05 (requests); waited 12 ms for a place',
    );
    for (const name of ['attempts', 'skipped', 'queuedMs'] as const)
      assert.equal(isNoteworthy(record({ [name]: told[name] })), true, name);
  });

  it('stay on one line, whatever a client asks for', () => {
    assert.match(describeDecision(record({ modelAsked: 'a\nb\u001b[31m' })), /^req_1 a\?b\?\[31m -> /);
  });

  it('say that nobody served', () => {
    const { chosenBy: _, ...none } = record({ attempts: [], status: 503 });
    assert.equal(describeDecision(none), 'req_1 claude-x -> nobody, 503');
    const failed = record({
      attempts: [{ account: 'A', model: 'm', status: 500, reason: 'broken' }],
      status: 500,
    });
    assert.match(describeDecision(failed), /-> nobody, 500: .*A m failed: 500 broken$/);
  });
});
