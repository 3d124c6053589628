interface Page {
  title: string;
  /** Name of the element that the script defines: the whole page. */
  element: string;
  /** URL of the script, as the webview may load it. */
  script: string;
  /** Fresh for every page. */
  nonce: string;
  /** Of the editor, for screen readers: `en`, `de`. */
  language: string;
}

/**
 * The page of a tab: one element, one script and nothing else. Styles are sheets made by that script, which the
 * policy does not concern; nothing can be loaded, framed, submitted or fetched.
 */
export function tabPage({ title, element, script, nonce, language }: Page): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="${escape(language)}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escape(title)}</title>
  </head>
  <body>
    <${element}></${element}>
    <script type="module" nonce="${escape(nonce)}" src="${escape(script)}"></script>
  </body>
</html>`;
}

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
