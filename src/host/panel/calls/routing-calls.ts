/** The panel's calls about who is asked: scheduling, routes, z.ai dispatch, clients' keys. */
import type { Controller } from '../../controller/controller';
import { type Answers, done, type PanelEditor } from './panel-editor';

type Names =
  | 'setScheduling'
  | 'setRoutes'
  | 'explainRoute'
  | 'setZai'
  | 'setZaiKey'
  | 'addClientKey'
  | 'removeClientKey';

/** Answers them with the controller. */
export function routingCalls(controller: Controller, editor: PanelEditor): Answers<Names> {
  return {
    setScheduling: async ({ scheduling, stickySessions, preferredAccount }) => {
      await controller.updateSetting('scheduling', scheduling);
      await controller.updateSetting('stickySessions', stickySessions);
      return done(controller.updateSetting('preferredAccount', preferredAccount));
    },
    setRoutes: ({ routes }) => done(controller.updateSetting('routes', routes)),
    explainRoute: ({ model, protocol }) => controller.explainRoute(model, protocol),
    setZai: async ({ dispatchMode, models }) => {
      await controller.updateSetting('zai.models', models);
      return done(controller.updateSetting('zai.dispatchMode', dispatchMode));
    },
    setZaiKey: ({ key }) => done(controller.setZaiKey(key)),
    addClientKey: ({ name, expires, models, requestsPerMinute }) =>
      controller.addClientKey({ name, expires, models, requestsPerMinute }),
    removeClientKey: ({ name }) => done(editor.removeClientKey(name)),
  };
}
