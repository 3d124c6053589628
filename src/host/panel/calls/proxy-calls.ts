/** The panel's calls about the proxy itself: its state, address, key and what to copy. */
import { environmentBlock, quickStartSnippet } from '../../../shared/quick-start';
import type { Controller } from '../../controller/controller';
import { type Answers, done, type PanelEditor } from './panel-editor';

type Names =
  | 'start'
  | 'stop'
  | 'restart'
  | 'startOnPort'
  | 'setPort'
  | 'setLanAccess'
  | 'setAuthMode'
  | 'setKey'
  | 'regenerateKey'
  | 'revealKey'
  | 'copyKey'
  | 'useDemoAccount'
  | 'checkHealth'
  | 'copyUrl'
  | 'copySnippet'
  | 'copyEnvironment'
  | 'openSettings'
  | 'openMonitor'
  | 'showLogs'
  | 'refresh';

/** Answers them with the controller and a few deeds of the editor. */
export function proxyCalls(controller: Controller, editor: PanelEditor): Answers<Names> {
  async function start(): Promise<null> {
    try {
      await editor.start();
    } catch (error) {
      // A failure that the status carries is on the panel already, with its remedies; a "no" is no failure.
      const cancelled = (error as { code?: unknown }).code === 'CANCELLED';
      if (!cancelled && !controller.status().failure) throw error;
    }
    return null;
  }

  const target = async () => ({
    url: controller.baseUrl(),
    model: controller.sampleModel(),
    key: await controller.apiKey(),
  });

  return {
    start,
    stop: () => done(controller.stop()),
    restart: async () => {
      await controller.stop();
      return start();
    },
    startOnPort: async ({ port }) => {
      await controller.updateSetting('port', port);
      return start();
    },
    setPort: ({ port }) => done(controller.updateSetting('port', port)),
    // The controller asks where a change would open the network without a key (SPEC 1.3).
    setLanAccess: ({ allow }) => done(controller.updateSetting('allowLanAccess', allow)),
    setAuthMode: ({ mode }) => done(controller.updateSetting('authMode', mode)),
    setKey: ({ key }) => done(controller.setApiKey(key)),
    regenerateKey: () => done(editor.regenerateKey()),
    revealKey: async () => ({ key: await controller.apiKey() }),
    copyKey: async () => done(editor.copy(await controller.apiKey())),
    useDemoAccount: async () => {
      const wasAskedFor = controller.status().failure?.code === 'NO_ACCOUNTS';
      const demo = controller.accounts().find(({ provider }) => provider === 'demo');
      if (demo) await controller.setAccountEnabled(demo.id, true);
      else await controller.addAccount({ provider: 'demo', key: '' });
      return wasAskedFor ? start() : null;
    },
    checkHealth: () => controller.checkHealth(),
    copyUrl: () => done(editor.copy(controller.baseUrl())),
    copySnippet: async ({ id }) => done(editor.copy(quickStartSnippet(id, await target()))),
    copyEnvironment: async ({ shell }) => done(editor.copy(environmentBlock(shell, await target()))),
    openSettings: () => done(editor.openSettings()),
    openMonitor: () => done(editor.openMonitor()),
    showLogs: () => done(editor.showLogs()),
    refresh: () => done(controller.refresh()),
  };
}
