/** How a file is laid out: what is added to it looks the same. */
export interface TextStyle {
  /** `\n` or `\r\n`. */
  eol: string;
  /** One step of indentation. */
  unit: string;
}

/** The style of a text; two spaces and `\n` where it shows none. */
export function styleOf(text: string): TextStyle {
  const newline = text.indexOf('\n');
  const unit = /^([ \t]+)[^\s*/]/m.exec(text)?.[1] ?? '  ';
  return { eol: newline > 0 && text[newline - 1] === '\r' ? '\r\n' : '\n', unit };
}
