import assert from 'node:assert/strict';
import { adapterOf } from '../../../../proxy/dialects/registry';
import {
  badBeginning,
  formOf,
  hasFirstEvent,
  HOLD_LIMIT,
  isWholeEvent,
} from '../../../../proxy/stream/first-event';
import { LastWordWatch } from '../../../../proxy/stream/last-word-watch';
import { splitEveryByte, splitInTwo } from '../../../support/split-bytes';

const bytes = (text: string) => Buffer.from(text);

describe('the beginning of an answer', () => {
  it('tells JSON, events and anything else', () => {
    for (const text of ['{"a":1}', ' \r\n[{}]', '\ufeff{}']) assert.equal(formOf(bytes(text)), 'json', text);
    for (const text of ['data: {}', '\n\nevent: x\n', ': ping\n\n', 'id: 7\n', '\ufeffdata:x', 'retry: 5\n'])
      assert.equal(formOf(bytes(text)), 'events', text);
    for (const text of ['<html>', 'Unauthorized', 'date: x', '"text"'])
      assert.equal(formOf(bytes(text)), 'other', text);
    assert.equal(formOf(bytes(' \n')), undefined);
  });

  it('is there once an event with data is', () => {
    assert.equal(hasFirstEvent(bytes('data: {}\n'), true), false);
    assert.equal(hasFirstEvent(bytes(': ping\n\n: ping\n\n'), true), false);
    assert.equal(hasFirstEvent(bytes(': has data: in it\n\n'), true), false);
    for (const text of [
      'data: {}\n\n',
      '\ufeffdata: {}\r\n\r\n',
      ': ping\n\nevent: x\ndata: {}\n\n',
      'data: {}\r\r',
    ])
      assert.equal(hasFirstEvent(bytes(text), true), true, text);
    assert.equal(
      hasFirstEvent(Buffer.alloc(HOLD_LIMIT, ':'), true),
      true,
      'no beginning is waited for for ever',
    );
  });

  it('is waited for beyond the opening only where it may matter', () => {
    for (const text of [
      'event: message_start\ndata: {"type":"message_start","message":{}}\n\n',
      'event: response.created\ndata: {"type":"response.created","response":{}}\n\n',
      'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\n',
    ]) {
      assert.equal(hasFirstEvent(bytes(text), false), true, text);
      assert.equal(hasFirstEvent(bytes(text), true), false, text);
      assert.equal(hasFirstEvent(bytes(`${text}data: {"type":"x"}\n\n`), true), true, text);
    }
  });

  it('is bad where it is an error, empty, or no event', () => {
    const chat = adapterOf('openai-chat');
    const good = [
      'data: {"choices":[]}\n\n',
      'data: {"choices":[{"delta":{"content":"error"}}]}\n\n',
      'data: \n\n',
    ];
    for (const text of good) assert.equal(badBeginning(bytes(text), chat), undefined, text);
    const error = badBeginning(bytes(': x\n\ndata: {"error":{"message":"no","code":429}}\n\n'), chat);
    assert.ok(typeof error === 'object');
    assert.deepEqual([error.status, error.message], [429, 'no']);
    for (const [text, words] of [
      ['data: [DONE]\n\n', /without any content/],
      [': ping\n\n', /without any content/],
      ['<html></html>\n\n', /no stream of events/],
      ['data: <html>\n\n', /not JSON/],
    ] as const) {
      const bad = badBeginning(bytes(text), chat, true);
      assert.ok(typeof bad === 'string');
      assert.match(bad, words);
    }
  });
});

describe('the unfinished end of a stream', () => {
  it('is an event where only its empty line is missing', () => {
    for (const text of ['data: {"a":1}', 'event: x\ndata: {}\n', 'data: [DONE]', 'data: {}\n\ndata: {}'])
      assert.equal(isWholeEvent(bytes(text)), true, text);
    for (const text of ['data: {"a":', 'da', 'event: x', ': ping', '<html></html>', 'data: {}\n\ndata: {'])
      assert.equal(isWholeEvent(bytes(text)), false, text);
  });
});

describe('the last word of an answer of Gemini', () => {
  const whole = bytes('[{"text":"finishReason"},\r\n{"finishReason":"STOP"}\n]\n');

  it('is heard however the bytes are cut', () => {
    for (const pieces of [[whole], splitEveryByte(whole), ...splitInTwo(whole)]) {
      const watch = new LastWordWatch();
      for (const piece of pieces) watch.push(piece);
      assert.equal(watch.said, true);
      assert.equal(watch.complete, true);
    }
  });

  it('is not heard in what a model said, nor where the JSON is not closed', () => {
    const watch = new LastWordWatch();
    watch.push(bytes('[{"text":"he said \\"finishReason\\": \\"STOP\\""}]'));
    assert.equal(watch.said, false);
    assert.equal(watch.complete, false);
    const open = new LastWordWatch();
    open.push(bytes('[{"finishReason":"ST'));
    assert.equal(open.said, true);
    assert.equal(open.complete, false);
  });
});
