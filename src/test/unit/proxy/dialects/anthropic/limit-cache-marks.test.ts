import assert from 'node:assert/strict';
import { limitCacheMarks } from '../../../../../proxy/dialects/anthropic/limit-cache-marks';
import type { JsonObject } from '../../../../../shared/json';

const block = (text: string): JsonObject => ({ type: 'text', text, cache_control: { type: 'ephemeral' } });

/** The texts of the blocks that are still marked. */
function marksLeft(count: number): { left: string[]; warnings: number } {
  const texts = Array.from({ length: count }, (_, at) => `block ${at}`);
  const [first = '', second = '', ...rest] = texts;
  const body: JsonObject = {
    system: [block(first)],
    messages: [
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: [block(second)] }] },
      ...rest.map((text) => ({ role: 'user', content: [block(text)] })),
    ],
  };
  let warnings = 0;
  limitCacheMarks(body, () => warnings++);
  const json = JSON.stringify(body);
  return { left: texts.filter((text) => json.includes(`"${text}","cache_control"`)), warnings };
}

describe("marks for Anthropic's cache", () => {
  it('stay where there are four', () => {
    assert.deepEqual(marksLeft(4), { left: ['block 0', 'block 1', 'block 2', 'block 3'], warnings: 0 });
  });

  it('stay on the first and the last three blocks where there are more, which is told', () => {
    assert.deepEqual(marksLeft(7), { left: ['block 0', 'block 4', 'block 5', 'block 6'], warnings: 1 });
  });
});
