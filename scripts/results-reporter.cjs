/* global require, module */
/* eslint-disable @typescript-eslint/no-require-imports -- Mocha loads its reporters with require() */
// Mocha's spec output on the screen, and the numbers in a file: --reporter-option output=FILE. Steps of scripts/test.mjs
// are counted from these files, because the editor's own log runs through what is on the screen.
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname } = require('node:path');
const Mocha = require('mocha');

class ResultsReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const output = options.reporterOptions?.output ?? options.reporterOption?.output;
    const results = { passed: [], failed: [], skipped: [] };
    runner.on('pass', (test) => results.passed.push({ title: test.fullTitle(), ms: test.duration }));
    runner.on('fail', (test, error) =>
      results.failed.push({ title: test.fullTitle(), error: String(error?.stack ?? error) }),
    );
    runner.on('pending', (test) => results.skipped.push({ title: test.fullTitle(), reason: reasonOf(test) }));
    runner.once('end', () => {
      if (!output) return;
      mkdirSync(dirname(output), { recursive: true });
      writeFileSync(output, JSON.stringify(results, null, 1));
    });
  }
}

/** The reason that src/test/support/skip-because.ts left on a test, or on a hook of one of its suites. */
function reasonOf(test) {
  for (let at = test; at; at = at.parent) {
    const places = [at, ...(at._beforeAll ?? []), ...(at._beforeEach ?? [])];
    const reason = places.find((place) => place.skipReason)?.skipReason;
    if (reason) return reason;
  }
  return undefined;
}

module.exports = ResultsReporter;
