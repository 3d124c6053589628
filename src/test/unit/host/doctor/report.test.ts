import assert from 'node:assert/strict';
import { writeReport } from '../../../../host/doctor/report';
import type { DoctorView, FindingView } from '../../../../shared/doctor';

const view = (...words: string[]): DoctorView => ({
  running: false,
  time: Date.UTC(2026, 0, 2),
  checks: [
    { id: 'a', title: 'Nothing found', running: false, findings: [] },
    {
      id: 'b',
      title: 'Files',
      running: false,
      findings: words.map((each): FindingView => ({ id: 'b-1', severity: 'warning', words: each })),
    },
  ],
});
const report = (words: string, home = '/home/ann') =>
  writeReport(view(words), { home, redact: (text) => text.replaceAll('sk-CANARY', '***') });

describe('the doctor’s report', () => {
  it('has a heading, and a list for each check that found something', () => {
    assert.equal(
      report('all well'),
      '### Portside doctor · 2026-01-02T00:00:00.000Z\n\n**Files**\n\n- ⚠️ all well\n',
    );
  });

  it('has no key, and words of others do not become Markdown', () => {
    assert.match(report('key sk-CANARY\n<b>*x*'), /- ⚠️ key \*\*\* \\<b\\>\\\*x\\\*$/m);
  });

  it('has no name of a person: homes become ~, of this one and of others, on any system', () => {
    for (const [words, home] of [
      ['/home/ann/.claude/x', '/home/ann'],
      ['/data/people/ann_b/x', '/data/people/ann_b'],
      ['C:\\Users\\ann\\x', 'C:\\Users\\ann'],
      ['/Users/other/x and /home/third/y', '/home/ann'],
      ['C:/Users/ann/x', 'C:\\Users\\ann'],
    ] as const) {
      const text = report(words, home);
      assert.doesNotMatch(text, /ann|other|third/, words);
      assert.match(text, /~/);
    }
    assert.doesNotMatch(report('written by ann_b@example.com'), /ann|example/);
  });
});
