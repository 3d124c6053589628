import { access } from 'node:fs/promises';

/** Whether a path exists and may be used as a mode says (`fs.constants`); without one, whether it exists. Never rejects. */
export const canAccess = (path: string, mode?: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );
