/** Between two tries: windows that lost the same owner should not try in step. */
const PAUSE_MS = { least: 15, most: 60 };

/** Waits a moment: not so long that a client notices, and not as long as other windows that wait for the same. */
export function pause(): Promise<void> {
  const { least, most } = PAUSE_MS;
  return new Promise((resolve) => setTimeout(resolve, least + Math.random() * (most - least)));
}
