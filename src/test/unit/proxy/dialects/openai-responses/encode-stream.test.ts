import assert from 'node:assert/strict';
import type { AssistantPart } from '../../../../../proxy/dialects/canonical';
import { openaiResponsesAdapter } from '../../../../../proxy/dialects/openai-responses/index';
import { createSignatureStore } from '../../../../../proxy/dialects/signatures/signature-store';
import type { JsonObject } from '../../../../../shared/json';
import { readEvents } from '../../../../support/read-events';
import {
  START,
  FINISH,
  accumulateWithSdk,
  callOf,
  complaintsOf,
  decodeBody,
  encodeParts,
  eventsOf,
  finalOf,
  own,
  readWithSdk,
  streamOf,
  typesOf,
  withoutIds,
} from './client-side';

describe('openai-responses: encoding a stream', () => {
  it('tells a text from its announcement to its end', () => {
    const written = encodeParts([
      START,
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', text: 'He said "hi",\n' },
      { type: 'text-delta', id: 't', text: '世界 \u2028' },
      { type: 'text-end', id: 't' },
      { type: 'usage', usage: { inputTokens: 7, outputTokens: 5 } },
      FINISH,
    ]);
    assert.deepEqual(typesOf(written), [
      'created',
      'in_progress',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ]);
    const events = eventsOf(written);
    assert.deepEqual(
      events.map(({ sequence_number }) => sequence_number),
      events.map((_, index) => index),
    );
    assert.equal(
      events
        .filter(({ type }) => type === 'response.output_text.delta')
        .map(({ delta }) => delta)
        .join(''),
      'He said "hi",\n世界 \u2028',
    );
    assert.deepEqual(events[4], {
      type: 'response.output_text.delta',
      sequence_number: 4,
      item_id: 'msg_new1',
      output_index: 0,
      content_index: 0,
      delta: 'He said "hi",\n',
      logprobs: [],
    });
    assert.deepEqual(complaintsOf(written), []);
    assert.doesNotMatch(written, /\[DONE\]/);
  });

  it('ends with all that was told, the settings of the request, and usage', () => {
    const request = decodeBody({
      instructions: 'Be brief.',
      tools: [{ type: 'function', name: 'f' }],
      tool_choice: 'auto',
      temperature: 0.3,
      reasoning: { effort: 'low' },
      metadata: { a: 'b' },
      previous_response_id: 'resp_0',
    });
    const written = streamOf(
      [{ type: 'reasoning', text: 'hm' }, { type: 'text', text: 'Hi' }, callOf('c1')],
      request,
    );
    const final = finalOf(written);
    const done = eventsOf(written).filter(({ type }) => type === 'response.output_item.done');
    assert.deepEqual(
      final.output,
      done.map(({ item }) => item),
    );
    assert.deepEqual(final.usage, {
      input_tokens: 7,
      input_tokens_details: { cached_tokens: 3 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 2 },
      total_tokens: 12,
    });
    const {
      instructions,
      tools,
      tool_choice,
      temperature,
      reasoning,
      metadata,
      previous_response_id,
      model,
    } = final;
    assert.deepEqual(
      { instructions, tools, tool_choice, temperature, reasoning, metadata, previous_response_id, model },
      {
        instructions: 'Be brief.',
        tools: [{ type: 'function', name: 'f' }],
        tool_choice: 'auto',
        temperature: 0.3,
        reasoning: { effort: 'low', summary: null },
        metadata: { a: 'b' },
        previous_response_id: 'resp_0',
        model: 'asked',
      },
    );
    assert.equal(final.status, 'completed');
    assert.equal(final.created_at, 5);
    assert.ok(!('output_text' in final));
    const [created, progress] = eventsOf(written);
    assert.deepEqual(created?.response, progress?.response);
    assert.equal((created?.response as JsonObject).id, final.id);
    assert.equal((created?.response as JsonObject).status, 'in_progress');
    assert.deepEqual((created?.response as JsonObject).output, []);
  });

  it('is put together by the official SDK as it was meant', async () => {
    const content: AssistantPart[] = [
      { type: 'reasoning', text: 'hm' },
      {
        type: 'text',
        text: 'Hi ',
        citations: [{ url: 'u', title: 't', start: 0, end: 1 }],
      },
      { type: 'text', text: 'there' },
      callOf('c1'),
      callOf('c2', '{}'),
      { type: 'tool-call', id: 'c3', name: 'g', kind: 'custom', input: 'free\ntext' },
      { type: 'refusal', text: 'No.' },
    ];
    const written = streamOf(content);
    assert.deepEqual(complaintsOf(written), []);
    const { response, events } = await readWithSdk(written);
    const { output_text, ...read } = response as unknown as JsonObject;
    assert.equal(output_text, 'Hi there');
    const strip = ({ parsed: _parsed, ...rest }: JsonObject): JsonObject => rest;
    const final = finalOf(written);
    const output = (read.output as JsonObject[]).map((item) =>
      strip({
        ...item,
        ...(Array.isArray(item.content) && { content: (item.content as JsonObject[]).map(strip) }),
      }),
    );
    assert.deepEqual(
      output.map(({ parsed_arguments: _parsed, ...item }) => item),
      final.output,
    );
    assert.equal(events.length, readEvents(written).length);
    const accumulated = await accumulateWithSdk(written);
    assert.deepEqual(
      (accumulated.output as JsonObject[]).map(({ type }) => type),
      ['reasoning', 'message', 'function_call', 'function_call', 'custom_tool_call', 'message'],
    );
    assert.equal(accumulated.output_text, 'Hi there');
  });

  it('lets calls run in parallel', () => {
    const written = encodeParts([
      START,
      { type: 'tool-input-start', id: 'c1', name: 'f', kind: 'function' },
      { type: 'tool-input-delta', id: 'c1', text: '{"a"' },
      { type: 'tool-input-start', id: 'c2', name: 'g', kind: 'custom' },
      { type: 'tool-input-delta', id: 'c2', text: 'x' },
      { type: 'tool-input-delta', id: 'c1', text: ':1}' },
      { type: 'tool-input-end', id: 'c2' },
      { type: 'tool-input-end', id: 'c1' },
      { type: 'finish', finish: { reason: 'tool-calls' } },
    ]);
    assert.deepEqual(complaintsOf(written), []);
    assert.deepEqual(
      eventsOf(written)
        .filter(({ type }) => String(type).endsWith('.delta'))
        .map(({ type, output_index, delta }) => [type, output_index, delta]),
      [
        ['response.function_call_arguments.delta', 0, '{"a"'],
        ['response.custom_tool_call_input.delta', 1, 'x'],
        ['response.function_call_arguments.delta', 0, ':1}'],
      ],
    );
    assert.deepEqual(withoutIds(finalOf(written).output), [
      { type: 'function_call', status: 'completed', arguments: '{"a":1}', call_id: 'c1', name: 'f' },
      { type: 'custom_tool_call', status: 'completed', input: 'x', call_id: 'c2', name: 'g' },
    ]);
    assert.deepEqual(
      eventsOf(written).find(({ type }) => type === 'response.function_call_arguments.done'),
      {
        type: 'response.function_call_arguments.done',
        sequence_number: 9,
        item_id: 'fc_new1',
        output_index: 0,
        name: 'f',
        arguments: '{"a":1}',
      },
    );
  });

  it('gives a call without arguments an empty object', () => {
    const written = encodeParts([
      START,
      { type: 'tool-input-start', id: '', name: 'f', kind: 'function' },
      { type: 'tool-input-end', id: '' },
      FINISH,
    ]);
    const [item] = finalOf(written).output as JsonObject[];
    assert.equal(item?.arguments, '{}');
    assert.match(String(item?.call_id), /^call_/);
    assert.ok(eventsOf(written).some(({ delta }) => delta === '{}'));
  });

  it('joins texts to one message unless the upstream had several', () => {
    const several = streamOf([
      { type: 'text', text: 'a', ...own({ id: 'msg_a', phase: 'commentary' }) },
      { type: 'text', text: 'b', ...own({ id: 'msg_a', phase: 'commentary' }) },
      { type: 'text', text: 'c', ...own({ id: 'msg_c', phase: 'final_answer' }) },
    ]);
    assert.deepEqual(complaintsOf(several), []);
    assert.deepEqual(
      (finalOf(several).output as JsonObject[]).map(({ id, phase, content }) => [
        id,
        phase,
        (content as JsonObject[]).map(({ text }) => text),
      ]),
      [
        ['msg_a', 'commentary', ['a', 'b']],
        ['msg_c', 'final_answer', ['c']],
      ],
    );
    const one = finalOf(
      streamOf([
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
        { type: 'refusal', text: 'c' },
      ]),
    );
    assert.deepEqual(
      (one.output as JsonObject[]).map(({ content }) => content),
      [
        [
          { type: 'output_text', annotations: [], logprobs: [], text: 'a' },
          { type: 'output_text', annotations: [], logprobs: [], text: 'b' },
          { type: 'refusal', refusal: 'c' },
        ],
      ],
    );
  });

  it('leaves no trace of an empty text', () => {
    const written = streamOf([
      { type: 'text', text: '' },
      { type: 'reasoning', text: '' },
    ]);
    assert.deepEqual(typesOf(written), ['created', 'in_progress', 'completed']);
    assert.deepEqual(finalOf(written).output, []);
  });

  it('tells a refusal', () => {
    const written = streamOf([{ type: 'refusal', text: 'No.' }], {}, 'refusal');
    assert.deepEqual(typesOf(written).slice(2, -1), [
      'output_item.added',
      'content_part.added',
      'refusal.delta',
      'refusal.done',
      'content_part.done',
      'output_item.done',
    ]);
    assert.equal(finalOf(written).status, 'completed');
  });

  it('keeps the ids of a Responses upstream', () => {
    const written = encodeParts([
      { type: 'start', id: 'resp_up' },
      { type: 'reasoning-start', id: 'r', ...own({ id: 'rs_up' }) },
      { type: 'reasoning-delta', id: 'r', text: 'hm' },
      { type: 'reasoning-end', id: 'r', ...own({ id: 'rs_up' }) },
      { type: 'tool-input-start', id: 'c', name: 'f', kind: 'function', ...own({ id: 'fc_up' }) },
      { type: 'tool-input-end', id: 'c' },
      FINISH,
    ]);
    const final = finalOf(written);
    assert.equal(final.id, 'resp_up');
    assert.deepEqual(
      (final.output as JsonObject[]).map(({ id }) => id),
      ['rs_up', 'fc_up'],
    );
    assert.match(String(finalOf(streamOf([])).id), /^resp_new/);
  });

  it('gives hidden and summed up reasoning of a Responses upstream with its id and ciphertext', () => {
    const secret = { id: 'rs_up', type: 'reasoning', encrypted_content: 'gAAAA' };
    const summary = [{ type: 'summary_text', text: 'hm' }];
    const at = { item_id: 'rs_up', output_index: 0, summary_index: 0 };
    for (const events of [
      [],
      [{ type: 'response.reasoning_summary_text.delta', ...at, delta: 'hm' }],
    ] satisfies JsonObject[][]) {
      const item = { ...secret, summary: events.length > 0 ? summary : [] };
      const decoder = openaiResponsesAdapter.createStreamDecoder({
        warn: () => undefined,
        signatures: createSignatureStore(),
        newId: (prefix) => prefix,
      });
      const sent: JsonObject[] = [
        { type: 'response.created', response: { id: 'resp_up' } },
        { type: 'response.output_item.added', output_index: 0, item: { ...secret, summary: [] } },
        ...events,
        { type: 'response.output_item.done', output_index: 0, item },
        { type: 'response.completed', response: { id: 'resp_up', status: 'completed', output: [item] } },
      ];
      const parts = sent.flatMap((data) => decoder.push({ data: JSON.stringify(data) }));
      const written = encodeParts([...parts, ...decoder.end()], decodeBody({ store: false }));
      assert.deepEqual(complaintsOf(written), []);
      assert.deepEqual(finalOf(written).output, [item]);
    }
  });

  it('tells an answer that holds nothing', () => {
    assert.deepEqual(typesOf(encodeParts([START, FINISH])), ['created', 'in_progress', 'completed']);
  });
});
