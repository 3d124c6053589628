/* global document, requestAnimationFrame */
// The monitor's view over 100 000 records, in a real browser: what a frame takes while the list is scrolled as fast as a
// hand can, and how long a filter takes from the key to the new rows. Chromium draws without a GPU here.
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from '../scripts/editor/chromium.mjs';
import { API_KEY } from './load.mjs';
import { percentile } from './statistics.mjs';

/** Filters as they are typed, each after an empty one. */
const WORDS = ['overloaded', 'claude', 'model-17', 'account 3 reset', 'nothing has this'];

/** Runs in the page. Scrolls by `step` pixels in every frame. @returns the milliseconds of each frame */
const scroll = async ({ frames, step }) => {
  const grid = document.querySelector('[role=grid]');
  grid.scrollTop = 0;
  const times = [];
  const stray = { rows: 0 };
  await new Promise((resolve) => {
    let before = performance.now();
    let left = frames;
    const beat = (now) => {
      times.push(now - before);
      before = now;
      grid.scrollTop += step;
      stray.rows = Math.max(stray.rows, grid.querySelectorAll('[role=row]').length);
      if (--left > 0) requestAnimationFrame(beat);
      else resolve();
    };
    requestAnimationFrame((now) => {
      before = now;
      requestAnimationFrame(beat);
    });
  });
  return { times, rows: stray.rows, at: grid.scrollTop };
};

/** Runs in the page. Asks for a filter's rows as the view does. @returns milliseconds */
const filter = async (text) => {
  const query = { filter: { text }, sort: { key: 'time', descending: true } };
  const begin = performance.now();
  const answer = await fetch('monitor/api', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'rows', query, from: 0, count: 200 }),
  });
  await answer.json();
  return performance.now() - begin;
};

/** @param url of a Portside whose monitor has the records @param plan `frames`, `step` in pixels */
export async function measureView(url, { frames, step }) {
  const profile = join(tmpdir(), `portside-view-${process.pid}`);
  const context = await launchChromium(profile);
  try {
    const page = await context.newPage();
    await page.setViewportSize({ width: 1400, height: 900 });
    await page.goto(`${url}/monitor`);
    if (await page.locator('input[type=password]').isVisible())
      await page.locator('input[type=password]').fill(API_KEY);
    await page.keyboard.press('Enter');
    await page.locator('[role=gridcell]').first().waitFor();
    await page.waitForTimeout(1000);
    await page.evaluate(scroll, { frames: 60, step });
    const scrolled = await page.evaluate(scroll, { frames, step });
    const far = await page.evaluate(scroll, { frames: Math.round(frames / 4), step: step * 100 });
    const filters = [];
    for (const word of WORDS) {
      filters.push(await page.evaluate(filter, word));
      await page.evaluate(filter, '');
    }
    return { ...scrolled, far: far.times, filters, p50: percentile(scrolled.times, 0.5) };
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** Draws what every frame took. */
export function drawFrames(file, times, budget = 1000 / 60) {
  const width = 1000;
  const height = 220;
  const top = Math.max(50, ...times) * 1.05;
  const x = (index) => 50 + (index * (width - 60)) / times.length;
  const y = (ms) => height - 30 - (ms * (height - 50)) / top;
  const bars = times.map((ms, index) => `<path d="M${x(index).toFixed(1)} ${y(0)}V${y(ms).toFixed(1)}"/>`);
  const line = (ms, text) =>
    `<path d="M50 ${y(ms).toFixed(1)}H${width - 10}" stroke="#888" stroke-dasharray="4 4"/><text x="45" y="${(y(ms) + 4).toFixed(1)}" text-anchor="end">${text}</text>`;
  writeFileSync(
    file,
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="#fff"/>
<text x="50" y="14">Milliseconds of each of ${times.length} frames while the monitor's list of 100 000 requests is scrolled</text>
<g stroke="#3b78c4" stroke-width="1">${bars.join('')}</g>
${line(0, '0')}${line(budget, budget.toFixed(1))}${line(50, '50')}
</svg>
`,
  );
}
