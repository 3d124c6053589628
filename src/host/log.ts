import * as vscode from 'vscode';
import type { Log } from '../proxy/index';
import type { Disposable } from './disposable';
import type { Redactor } from '../shared/redact';

/** A log that can be shown to the user. */
export interface HostLog extends Log, Disposable {
  show(): void;
}

/** Makes the output channel `Portside`. Every line passes the redactor. */
export function createLog(redactor: Redactor): HostLog {
  const channel = vscode.window.createOutputChannel('Portside', { log: true });
  return {
    debug: (message) => channel.debug(redactor.redact(message)),
    info: (message) => channel.info(redactor.redact(message)),
    warn: (message) => channel.warn(redactor.redact(message)),
    error: (message) => channel.error(redactor.redact(message)),
    show: () => channel.show(true),
    dispose: () => channel.dispose(),
  };
}
