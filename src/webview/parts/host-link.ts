import type { HostMessage, PanelCallName, PanelCalls, PanelState } from '../../shared/messages';
import type { Shell, SnippetId } from '../../shared/quick-start';
import type { AccountDraft } from '../accounts/account-draft';

/** The pages of the panel. */
export type PageTab = 'proxy' | 'accounts' | 'routing' | 'access' | 'agents' | 'doctor' | 'start';

/** What survives while the panel is hidden or the window reloads. Never a key. */
export interface KeptView {
  snippet?: SnippetId;
  shell?: Shell;
  tab?: PageTab;
  /** The account form as it stands, while it is open. */
  form?: AccountDraft | undefined;
}

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): KeptView | undefined;
  setState(state: KeptView): void;
};

interface Waiting {
  resolve(answer: never): void;
  reject(error: Error): void;
}

const editor = acquireVsCodeApi();
const waiting = new Map<number, Waiting>();
const listeners = new Set<(state: PanelState) => void>();
const showers = new Set<(account: string) => void>();
const doctorShowers = new Set<() => void>();
let lastSeq = 0;

window.addEventListener('message', (event: MessageEvent<HostMessage>) => {
  const message = event.data;
  switch (message.type) {
    case 'state':
      for (const listener of listeners) listener(message.state);
      break;
    case 'show':
      for (const shower of showers) shower(message.account);
      break;
    case 'showDoctor':
      for (const shower of doctorShowers) shower();
      break;
    case 'answer': {
      const call = waiting.get(message.seq);
      waiting.delete(message.seq);
      if (message.ok) call?.resolve(message.answer as never);
      else call?.reject(new Error(message.message));
      break;
    }
  }
});

/**
 * Asks the host. Rejects with an error whose message is meant for the user.
 * @param name what to do, see {@link PanelCalls}
 */
export function call<Name extends PanelCallName>(
  name: Name,
  ask: PanelCalls[Name]['ask'],
): Promise<PanelCalls[Name]['answer']> {
  const seq = ++lastSeq;
  return new Promise((resolve, reject) => {
    waiting.set(seq, { resolve, reject });
    editor.postMessage({ ...ask, seq, type: name });
  });
}

/** Calls back with every new state. */
export function onState(listener: (state: PanelState) => void): void {
  listeners.add(listener);
}

/** Calls back when the host wants the form of an account to be open, with the account's id. */
export function onShowAccount(shower: (account: string) => void): void {
  showers.add(shower);
}

/** Calls back when the host wants what the doctor found to be seen. */
export function onShowDoctor(shower: () => void): void {
  doctorShowers.add(shower);
}

/** What was kept with {@link keepView}. */
export const keptView = (): KeptView => editor.getState() ?? {};

/** Keeps a part of the view for the next time the panel is shown. */
export const keepView = (part: KeptView): void => {
  editor.setState({ ...keptView(), ...part });
};
