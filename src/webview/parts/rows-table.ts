import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';

/**
 * A table of things that can be dealt with: what is done with one stands in its last cell. Roles are written down, since a
 * narrow panel shows rows as blocks, which takes those of a table away.
 * @param labelledBy id of its heading
 * @param columns those before the last one
 */
export const rowsTable = (labelledBy: string, columns: readonly string[], rows: unknown): TemplateResult =>
  html`<table class="rows" role="table" aria-labelledby=${labelledBy}>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map((column) => html`<th role="columnheader" scope="col">${column}</th>`)}
        <th role="columnheader" scope="col"><span class="unseen">${t('Actions')}</span></th>
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows}
    </tbody>
  </table>`;
