import '../vscode-stub';
import assert from 'node:assert/strict';
import type { Check, DoctorContext, Finding } from '../../../../host/doctor/check';
import { CHECKS } from '../../../../host/doctor/check-list';
import { Doctor } from '../../../../host/doctor/doctor';
import { bench } from './doctor-bench';

const check = (id: string, run: Check['run'], part: Partial<Check> = {}): Check => ({
  id,
  title: () => id.toUpperCase(),
  run,
  ...part,
});

function doctorWith(...checks: Check[]): Doctor {
  return new Doctor({
    checks: () => Promise.resolve(checks),
    context: () => ({}) as DoctorContext,
    redact: (text) => text.replaceAll('sk-CANARY', '***'),
    onError: (error) => assert.fail(String(error)),
  });
}

const findings = (doctor: Doctor) =>
  doctor
    .view()
    ?.checks.map(({ findings: found }) => found.map(({ severity, words }) => `${severity}: ${words}`));

describe('the doctor', () => {
  it('has nothing to say before it ran', () => {
    assert.equal(doctorWith().view(), undefined);
  });

  it('shows what is found as it is found, and says when all have ended', async () => {
    let end!: (found: Finding[]) => void;
    const doctor = doctorWith(
      check('fast', () => [{ severity: 'ok', words: 'here' }]),
      check('slow', () => new Promise((resolve) => (end = resolve))),
    );
    const done = doctor.run();
    await new Promise(setImmediate);
    assert.deepEqual(
      doctor.view()?.checks.map(({ title, running }) => [title, running]),
      [
        ['FAST', false],
        ['SLOW', true],
      ],
    );
    assert.deepEqual([doctor.view()?.running, doctor.view()?.time], [true, undefined]);
    end([]);
    await done;
    assert.equal(doctor.view()?.running, false);
    assert.equal(typeof doctor.view()?.time, 'number');
  });

  it('tells a check that fails or takes too long, and keeps keys out of what all say', async () => {
    let aborted = false;
    const doctor = doctorWith(
      check('throws', () => {
        throw new Error('no sk-CANARY');
      }),
      check(
        'late',
        (_, signal) => new Promise(() => signal.addEventListener('abort', () => (aborted = true))),
        { limitMs: 10 },
      ),
    );
    await doctor.run();
    assert.deepEqual(findings(doctor), [
      ['error: This could not be looked at: no ***'],
      ['warning: No verdict within 0 seconds.'],
    ]);
    assert.equal(aborted, true);
  });

  it('runs a check again after mending, and the others that ask this machine alone', async () => {
    const runs: string[] = [];
    let broken = true;
    const doctor = doctorWith(
      check('mended', () => {
        runs.push('mended');
        return broken
          ? [{ severity: 'error', words: 'broken', fix: { title: 'Mend', do: () => (broken = false) } }]
          : [{ severity: 'ok', words: 'fine' }];
      }),
      check('near', () => (runs.push('near'), [])),
      check('far', () => (runs.push('far'), []), { far: true }),
    );
    await doctor.run();
    const id = doctor.view()!.checks[0]!.findings[0]!.id;
    assert.doesNotMatch(JSON.stringify(doctor.view()), /deed/);
    await doctor.fix(id);
    assert.deepEqual(findings(doctor), [['ok: fine'], [], []]);
    assert.deepEqual(runs, ['mended', 'near', 'far', 'mended', 'near']);
    await assert.rejects(doctor.fix(id), /run the doctor again/);
  });

  it('tells what mending threw, without keys, and looks again all the same', async () => {
    let runs = 0;
    const fix = {
      title: 'Mend',
      do: () => {
        throw new Error('refused sk-CANARY');
      },
    };
    const doctor = doctorWith(check('x', () => (runs++, [{ severity: 'error', words: 'broken', fix }])));
    await doctor.run();
    await assert.rejects(doctor.fix(doctor.view()!.checks[0]!.findings[0]!.id), /^Error: refused \*\*\*$/);
    assert.equal(runs, 2);
  });

  it('runs once for two who ask at once', async () => {
    let runs = 0;
    const doctor = doctorWith(check('x', () => (runs++, [])));
    await Promise.all([doctor.run(), doctor.run()]);
    assert.equal(runs, 1);
  });

  it('has checks with names of their own, which find something wherever they are', async () => {
    const ids = CHECKS.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    const { find } = bench();
    for (const each of CHECKS.filter(({ id }) => id !== 'agents' && id !== 'storage'))
      assert.notDeepEqual(await find(each), [], each.id);
  });
});
