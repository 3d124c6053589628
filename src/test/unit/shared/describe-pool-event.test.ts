import assert from 'node:assert/strict';
import { describePoolEvent } from '../../../shared/describe-pool-event';
import type { PoolEvent } from '../../../shared/status';

/** Local time: what the log shows. */
const at = (day: number, hours: number, minutes: number, seconds: number) =>
  new Date(2026, 10, day, hours, minutes, seconds).getTime();
const event = (more: Partial<PoolEvent>): PoolEvent => ({
  time: at(23, 11, 59, 0),
  account: 'gemini',
  label: 'Gemini',
  from: 'healthy',
  to: 'cooling',
  ...more,
});

describe('a change of an account’s health in the log', () => {
  it('names the account, its state, until when and why', () => {
    assert.equal(
      describePoolEvent(event({ until: at(23, 12, 0, 5), reason: 'requests per minute' })),
      'Gemini: cooling until 12:00:05 (requests per minute)',
    );
  });

  it('names the model, and the day when that is another', () => {
    assert.equal(
      describePoolEvent(event({ model: 'pro', until: at(25, 0, 0, 0) })),
      'Gemini, pro: cooling until 2026-11-25 00:00:00',
    );
  });

  it('calls the account as the user does', () => {
    assert.equal(describePoolEvent(event({ to: 'healthy' }), 'Work'), 'Work: healthy');
  });
});
