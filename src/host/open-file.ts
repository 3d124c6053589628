import * as vscode from 'vscode';

/** Shows a file. @param at a place in it, from 1; its beginning where absent */
export function openFile(
  path: string,
  at: { line: number; column: number } = { line: 1, column: 1 },
): Thenable<vscode.TextEditor> {
  const place = new vscode.Position(at.line - 1, at.column - 1);
  return vscode.window.showTextDocument(vscode.Uri.file(path), { selection: new vscode.Range(place, place) });
}
