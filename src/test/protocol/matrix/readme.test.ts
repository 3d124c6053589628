import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readmeTable } from './readme-table';

describe('the README', () => {
  it('says of translations what the matrix proves', () => {
    const readme = readFileSync(join(process.cwd(), 'README.md'), 'utf8');
    const section = /\n## What is translated\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? '';
    assert.ok(section.includes(readmeTable()), `the table must read:\n\n${readmeTable()}`);
  });
});
