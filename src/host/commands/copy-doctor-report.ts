import * as vscode from 'vscode';
import type { CommandContext } from './command-context';

/**
 * Copies what the doctor found, for others to read; runs it first where it has not run yet.
 * @returns the report: Markdown, without keys and names of persons
 */
export async function copyDoctorReport({ doctor, doctorReport }: CommandContext): Promise<string> {
  if (!doctor.view()) await doctor.run();
  const report = doctorReport();
  await vscode.env.clipboard.writeText(report);
  return report;
}
