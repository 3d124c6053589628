/** Entry of the monitor's page, in the editor and at `/monitor`. */
import './monitor/app';
import { inEditor } from './monitor/link';
import browserTheme from './monitor/styles/browser-theme.css';
import charts from './monitor/styles/charts.css';
import detail from './monitor/styles/detail.css';
import filters from './monitor/styles/filters.css';
import page from './monitor/styles/page.css';
import table from './monitor/styles/table.css';
import toolbar from './monitor/styles/toolbar.css';
import totals from './monitor/styles/totals.css';
import controls from './styles/controls.css';
import base from './styles/page.css';
import sections from './styles/sections.css';

const sheet = new CSSStyleSheet();
const styles = [base, controls, sections, page, toolbar, filters, table, detail, charts, totals];
sheet.replaceSync([...(inEditor ? [] : [browserTheme]), ...styles].join('\n'));
document.adoptedStyleSheets.push(sheet);
