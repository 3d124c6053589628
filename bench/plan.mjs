// How much of everything is run: many short rounds rather than few long ones, since the machine's noise comes in
// stretches. The full plan takes about ten minutes on two cores, the quick one about one; the
// quick one's numbers are for the way there, not for publishing.
import { chatRequest } from './load.mjs';

const LARGE_BODY = 213_000;

const json = { request: chatRequest('bench-json'), concurrency: 32 };
const stream = { request: chatRequest('bench-burst', { stream: true }), concurrency: 32 };
const large = { request: chatRequest('bench-json', { bodyBytes: LARGE_BODY }), concurrency: 16 };
const paced = (events) => ({ request: chatRequest(`bench-paced-${events}`, { stream: true }) });

/** Counts and rounds of every phase. */
export const makePlan = (quick) => ({
  warmUp: [
    { ...json, count: quick ? 5_000 : 20_000 },
    { ...stream, count: quick ? 600 : 4_000 },
    { ...large, count: quick ? 500 : 2_000 },
  ],
  json: { ...json, count: 3_000, rounds: quick ? 7 : 25 },
  stream: { ...stream, count: 250, rounds: quick ? 7 : 21 },
  large: { ...large, count: 600, rounds: quick ? 7 : 15 },
  // 64 streams at 100 events a second: nothing is coalesced, every event wakes the proxy.
  paced: { ...paced(100), count: 64, concurrency: 64, rounds: quick ? 3 : 11 },
  oneRequest: { ...json, concurrency: 1, count: quick ? 200 : 500, rounds: quick ? 5 : 11 },
  oneStart: { ...paced(2), concurrency: 1, count: quick ? 20 : 50, rounds: quick ? 3 : 7 },
  oneStream: { ...paced(quick ? 100 : 200), count: 1, concurrency: 1, delays: true, rounds: quick ? 1 : 3 },
  manyStreams: {
    ...paced(quick ? 100 : 200),
    count: 32,
    concurrency: 32,
    delays: true,
    rounds: quick ? 1 : 3,
  },
  // The monitor on against off: what an agent sends (a conversation, answered by a stream), and the smallest answers there are.
  monitor: {
    stream: { request: chatRequest('bench-burst', { stream: true, bodyBytes: LARGE_BODY }), concurrency: 16 },
    json,
    warmUp: quick ? 300 : 1_500,
    rounds: quick ? 5 : 15,
    counts: { stream: quick ? 150 : 1_000, json: 3_000 },
  },
  capture: {
    maxMiB: 256,
    request: chatRequest('bench-json', { bodyBytes: 1_000_000, noise: true }),
    concurrency: 4,
    count: quick ? 300 : 10_000,
  },
  view: { records: 100_000, frames: quick ? 200 : 600, step: 120 },
  // Every pair of two dialects; bare passes the same upstream's stream through.
  translation: {
    warmUpCount: quick ? 150 : 600,
    count: quick ? 80 : 200,
    rounds: quick ? 3 : 9,
    concurrency: 32,
  },
  failover: { warmUpCount: quick ? 200 : 1_000, count: quick ? 200 : 1_000 },
  memory: {
    few: 50,
    many: quick ? 250 : 450,
    load: { count: quick ? 4_000 : 50_000, bodyBytes: LARGE_BODY },
  },
  // 300 streams at 100 events a second: 30 000 events a second through the worker.
  editor: {
    stream: { ...paced(200), concurrency: 300, count: quick ? 300 : 600 },
    rounds: quick ? 1 : 5,
    starts: quick ? 3 : 9,
  },
});
