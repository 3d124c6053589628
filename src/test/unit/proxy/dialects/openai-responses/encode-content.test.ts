import assert from 'node:assert/strict';
import type { FilePart, Warning } from '../../../../../proxy/dialects/canonical';
import { encodeOutput, encodeParts } from '../../../../../proxy/dialects/openai-responses/encode-content';

const image = (url: string): FilePart => ({
  type: 'file',
  mediaType: 'image/png',
  source: { type: 'url', url },
});

describe('openai-responses: content of users', () => {
  it('leaves out what lies in the storage of another provider, and says so', () => {
    const warnings: Warning[] = [];
    const parts = encodeParts(
      [image('gs://bucket/a.png'), image('https://a.example/b.png')],
      'messages[0].content',
      (warning) => warnings.push(warning),
    );
    assert.deepEqual(parts, [{ type: 'input_image', image_url: 'https://a.example/b.png', detail: 'auto' }]);
    assert.deepEqual(
      warnings.map(({ type, field }) => [type, field]),
      [['dropped', 'messages[0].content[0]']],
    );
  });

  it('never leaves the output of a tool empty when files are left out', () => {
    const output = encodeOutput([image('gs://bucket/a.png')], 'messages[0]', () => undefined);
    assert.match(String(output), /could not be carried over/);
  });
});
