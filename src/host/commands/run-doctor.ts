import type { DoctorView } from '../../shared/doctor';
import type { CommandContext } from './command-context';

/**
 * Opens the panel at the doctor's page and runs all checks there (SPEC 7.6).
 * @returns what they found
 */
export async function runDoctor({ doctor, openDoctor }: CommandContext): Promise<DoctorView | undefined> {
  openDoctor();
  await doctor.run();
  return doctor.view();
}
