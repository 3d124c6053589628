import type { PanelState } from '../../../shared/messages';
import type { ProxyStatus } from '../../../shared/status';
import type { Controller } from '../../controller/controller';
import type { PanelEditor } from './panel-editor';

/** Makes what the panel shows; remembers the port that goes with a failure. */
export class PanelStateMaker {
  /** The offer that goes with one failure. */
  #freePort: { failure: string; port?: number } | undefined;

  constructor(
    readonly controller: Controller,
    /** Knows how the agents of this machine stand, and what the doctor found. */
    readonly editor: Pick<PanelEditor, 'agents' | 'doctor'>,
    /** Called when the state changed by something the controller does not tell of. */
    readonly onChange: () => void,
  ) {}

  /** Everything the panel shows. */
  state(): PanelState {
    const { controller } = this;
    const known = controller.status();
    const editable = controller.accounts();
    const labels = new Map(editable.map(({ id, label }) => [id, label]));
    const accounts = known.accounts.map((each) => ({ ...each, label: labels.get(each.id) ?? each.label }));
    const status = { ...known, accounts };
    const { port, allowLanAccess, authMode, scheduling, stickySessions, preferredAccount, routes, zai } =
      controller.settings();
    const nextFreePort = this.#nextFreePort(status.failure);
    const agents = this.editor.agents();
    const doctor = this.editor.doctor();
    return {
      status,
      settings: {
        port,
        allowLanAccess,
        authMode,
        scheduling,
        stickySessions,
        preferredAccount,
        routes,
        zai: { dispatchMode: zai.dispatchMode, models: zai.models, hasKey: controller.hasZaiKey() },
      },
      accounts: editable,
      clientKeys: controller.clientKeys(),
      url: controller.baseUrl(),
      sampleModel: controller.sampleModel(),
      ...(agents && { agents }),
      ...(doctor && { doctor }),
      ...(nextFreePort !== undefined && { nextFreePort }),
    };
  }

  /** Looked for once per failure; {@link onChange} tells when it is known. */
  #nextFreePort(failure: ProxyStatus['failure']): number | undefined {
    if (failure?.code !== 'EADDRINUSE' && failure?.code !== 'EACCES') {
      this.#freePort = undefined;
      return undefined;
    }
    if (this.#freePort?.failure === failure.message) return this.#freePort.port;
    const found: { failure: string; port?: number } = { failure: failure.message };
    this.#freePort = found;
    this.controller.nextFreePort().then(
      (port) => {
        if (port === undefined || this.#freePort !== found) return;
        found.port = port;
        this.onChange();
      },
      () => undefined,
    );
    return undefined;
  }
}
