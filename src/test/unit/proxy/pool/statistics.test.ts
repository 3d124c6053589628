import assert from 'node:assert/strict';
import { Statistics } from '../../../../proxy/pool/statistics';

describe('the numbers of an account', () => {
  it('are unknown before its first answer', () => {
    const { successRate, latencyMs, served } = new Statistics();
    assert.deepEqual([successRate, latencyMs, served], [undefined, undefined, 0]);
  });

  it('are about its last fifty answers', () => {
    const statistics = new Statistics();
    for (let count = 0; count < 30; count++) statistics.failed();
    for (let count = 0; count < 10; count++) statistics.succeeded(100);
    assert.equal(statistics.successRate, 0.25);
    for (let count = 0; count < 20; count++) statistics.succeeded(100);
    assert.equal(statistics.successRate, 0.6);
    for (let count = 0; count < 20; count++) statistics.succeeded(100);
    assert.equal(statistics.successRate, 1);
    assert.equal(statistics.served, 50);
  });

  it('follow a latency that changes', () => {
    const statistics = new Statistics();
    statistics.succeeded(100);
    assert.equal(statistics.latencyMs, 100);
    statistics.succeeded(200);
    assert.equal(statistics.latencyMs, 120);
    for (let count = 0; count < 50; count++) statistics.succeeded(1000);
    assert.ok(Math.abs((statistics.latencyMs ?? 0) - 1000) < 1);
  });
});
