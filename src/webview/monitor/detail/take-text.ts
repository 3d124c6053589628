import { deed, inEditor } from '../link';

/** Puts a text on the clipboard. Rejects with words for the user where the browser does not let the page. */
export async function copyText(text: string): Promise<void> {
  if (inEditor) await deed('copy', { text });
  // Only pages of this machine, or over TLS, have a clipboard.
  else if ('clipboard' in navigator) await navigator.clipboard.writeText(text);
  else copyBySelection(text);
}

function copyBySelection(text: string): void {
  const area = document.createElement('textarea');
  const before = document.activeElement;
  area.value = text;
  area.className = 'unseen';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (before instanceof HTMLElement) before.focus();
  if (!done) throw new Error('The browser does not let this page use the clipboard.');
}

/**
 * Shows a text where long texts are at home: in an editor of its own, in a browser as a file.
 * @param name of the file, without its ending
 */
export async function takeText(text: string, language: 'json' | 'text', name: string): Promise<void> {
  if (inEditor) {
    await deed('openText', { text, language });
    return;
  }
  const link = document.createElement('a');
  const type = language === 'json' ? 'application/json' : 'text/plain;charset=utf-8';
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = `${name}.${language === 'json' ? 'json' : 'txt'}`;
  link.click();
  // The browser has taken hold of it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
