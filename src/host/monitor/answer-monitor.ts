/** What the monitor's webview may ask, done. Knows the controller and a few deeds of the editor, no webview. */
import type { ExportFormat, MonitorDeeds, MonitorMessage, MonitorQuery } from '../../shared/monitor';
import type { Controller } from '../controller/controller';

/** The editor's part in what the monitor asks. */
export interface MonitorEditor {
  /** Puts text on the clipboard. */
  copy(text: string): PromiseLike<void>;
  /** Asks where to, and writes the records of a list there. */
  exportFile(query: MonitorQuery, format: ExportFormat): Promise<void>;
  /** Opens text in an editor of its own. */
  openText(text: string, language: MonitorDeeds['openText']['ask']['language']): PromiseLike<unknown>;
  /** Opens the editor's own settings at those of the monitor. */
  openSettings(): PromiseLike<unknown>;
  /** English text → text in the editor's language. */
  texts: Record<string, string>;
}

/** What is used of the controller. */
export type MonitorController = Pick<Controller, 'monitor' | 'updateSetting'>;

/** Does what one checked message asks. Rejects with an error whose message is for the user. */
export async function answerMonitor(
  message: MonitorMessage,
  controller: MonitorController,
  editor: MonitorEditor,
): Promise<unknown> {
  switch (message.type) {
    case 'ready':
      return { texts: editor.texts };
    case 'copy':
      await editor.copy(message.text);
      return null;
    case 'exportFile':
      await editor.exportFile(message.query, message.format);
      return null;
    case 'openText':
      await editor.openText(message.text, message.language);
      return null;
    case 'openSettings':
      await editor.openSettings();
      return null;
    case 'call':
      // A setting, so that it holds after a restart; the core hears of it as of every other one.
      if (message.call.type === 'setCapture') {
        await controller.updateSetting('monitor.captureBodies', message.call.capture);
        return null;
      }
      return controller.monitor(message.call);
  }
}
