/** The panel's calls about what the doctor found. */
import { type Answers, done, type PanelEditor } from './panel-editor';

type Names = 'runDoctor' | 'fixFinding' | 'copyDoctorReport';

/** Answers them with the editor's doctor: what it finds comes with the state. */
export function doctorCalls(editor: PanelEditor): Answers<Names> {
  return {
    runDoctor: () => done(editor.runDoctor()),
    // By its id: no deed comes from the page.
    fixFinding: ({ id }) => done(editor.fixFinding(id)),
    copyDoctorReport: () => done(editor.copy(editor.doctorReport())),
  };
}
