/** What the settings panel may ask, done. Knows the controller and a few deeds of the editor, no webview. */
import type { PanelCallName, PanelCalls, PanelMessage, PanelState } from '../../../shared/messages';
import type { Controller } from '../../controller/controller';
import { accountCalls } from './account-calls';
import { agentCalls } from './agent-calls';
import { doctorCalls } from './doctor-calls';
import type { Answers, PanelEditor } from './panel-editor';
import { PanelStateMaker } from './panel-state';
import { proxyCalls } from './proxy-calls';
import { routingCalls } from './routing-calls';

/** Answers the calls of one panel. */
export class PanelCallHandler {
  readonly #states: PanelStateMaker;
  readonly #answers: Answers<PanelCallName>;
  /** Lets go of keys that wait to be added. */
  readonly forget: () => void;

  /** @param onChange called when the state changed by something the controller does not tell of */
  constructor(controller: Controller, editor: PanelEditor, onChange: () => void) {
    this.#states = new PanelStateMaker(controller, editor, onChange);
    const accounts = accountCalls(controller, editor);
    this.forget = accounts.forget;
    this.#answers = {
      ready: async () => {
        this.forget();
        await controller.learnKeys();
        return { state: this.state(), texts: editor.texts };
      },
      ...proxyCalls(controller, editor),
      ...accounts.answers,
      ...agentCalls(editor),
      ...doctorCalls(editor),
      ...routingCalls(controller, editor),
    };
  }

  /** Does what one checked message asks. Rejects with an error whose message is for the user. */
  answer(message: PanelMessage): Promise<PanelCalls[PanelCallName]['answer']> {
    const act = this.#answers[message.type] as (
      ask: PanelMessage,
    ) => Promise<PanelCalls[PanelCallName]['answer']>;
    return act(message);
  }

  /** Everything the panel shows. */
  state(): PanelState {
    return this.#states.state();
  }
}
