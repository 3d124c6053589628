import type { LmModel } from '../../shared/language-models';

/** Names are told apart by letters and digits: `claude-sonnet-4.5`, `Claude Sonnet 4.5` and `claude-sonnet-4-5` are one. */
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9/]+/g, '-');
/** Agents name snapshots by their date. */
const undated = (name: string): string => name.replace(/-\d{8}$/, '');

/**
 * The model that a name means: by id, `vendor/id`, family or name, whichever is met first; dates of snapshots do not count
 * where no other model is meant.
 * @returns undefined where the editor has none of that name
 */
export function pickModel<T extends Pick<LmModel, 'id' | 'vendor' | 'family' | 'name'>>(
  models: readonly T[],
  wanted: string,
): T | undefined {
  const exact = models.find(({ id, vendor }) => id === wanted || `${vendor}/${id}` === wanted);
  if (exact) return exact;
  const name = plain(wanted);
  const among = (is: string) =>
    models.find(({ id, vendor }) => [plain(id), plain(`${vendor}/${id}`)].includes(is)) ??
    models.find(({ family }) => plain(family) === is) ??
    models.find((model) => plain(model.name) === is);
  return among(name) ?? among(undated(name));
}
