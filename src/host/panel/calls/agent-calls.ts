/** The panel's calls about the agents of this machine. */
import { type Answers, done, type PanelEditor } from './panel-editor';

type Names = 'lookAtAgents' | 'connectAgent' | 'disconnectAgent' | 'openAgentFile';

/** Answers them with a few deeds of the editor, which ask what must be asked. */
export function agentCalls(editor: PanelEditor): Answers<Names> {
  return {
    lookAtAgents: () => done(editor.lookAtAgents()),
    connectAgent: ({ id }) => done(editor.connectAgent(id)),
    disconnectAgent: ({ id }) => done(editor.disconnectAgent(id)),
    openAgentFile: ({ id }) => {
      // By the agent's name: no path comes from the page.
      const view = editor.agents()?.find((each) => each.id === id);
      if (!view) throw new Error(editor.t('There is no agent "{0}".', id));
      return done(editor.openFile(view.file, view.at));
    },
  };
}
