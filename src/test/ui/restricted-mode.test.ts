/** Restricted Mode (SPEC 7.9): nothing of Portside comes from a workspace, so it works where nobody trusts one. */
import type { Page } from 'playwright-core';
import { runCommand, workbench } from './workbench';

describe('a folder that is not trusted', () => {
  let page: Page;
  let leave: () => Promise<void>;

  const statusSays = (text: string) =>
    page.locator('[id="portside.portside.status"]').filter({ hasText: text }).waitFor({ timeout: 60_000 });
  const run = (title: string) => runCommand(title, page);

  before(async function () {
    this.timeout(120_000);
    ({ page, leave } = await workbench.wary());
  });
  after(() => leave());

  it('the editor is in Restricted Mode, and Portside is there', async () => {
    await statusSays('Portside: stopped');
    await page.locator('[id="status.workspaceTrust"]', { hasText: 'Restricted Mode' }).waitFor();
  });

  it('the proxy starts and answers', async () => {
    await run('Portside: Use Demo Account');
    await run('Portside: Start Proxy');
    await statusSays('Portside: running');
    await run('Portside: Send a Test Request');
    const toast = page.locator('.notifications-toasts .notification-list-item');
    await toast.filter({ hasText: 'Hello from Portside' }).waitFor();
    await run('Portside: Stop Proxy');
    await statusSays('Portside: stopped');
  });
});
