import axe, { type AxeResults } from 'axe-core';
import type { Frame, Page } from 'playwright-core';

/** What axe finds wrong with a page, one line for each element. */
export async function violations(frame: Frame | Page): Promise<string[]> {
  // Run by the browser's own debugger, so the page's content policy need not allow it.
  if (!(await frame.evaluate('globalThis.axe !== undefined'))) await frame.evaluate(axe.source);
  const { violations: found } = await frame.evaluate<AxeResults>('axe.run(document)');
  return found.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary}`),
  );
}
