/** The extension under test and its controller. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { PortsideApi } from '../../extension';
import type { Controller } from '../../host/controller/controller';
import { freePort } from '../support/local-port';

/** The extension as the editor knows it. */
export function extension(): vscode.Extension<PortsideApi> {
  const found = vscode.extensions.getExtension<PortsideApi>('portside.portside');
  assert.ok(found, 'the editor knows the extension');
  return found;
}

/** The controller, which the extension gives away to its own tests only. */
export async function controller(): Promise<Controller> {
  const api = await extension().activate();
  assert.ok(api.controller, 'the extension runs as one under test');
  return api.controller;
}

/** Stops the proxy, forgets all accounts and sets a free port: where every suite begins. */
export async function beginAnew(): Promise<{ proxy: Controller; port: number }> {
  const proxy = await controller();
  await proxy.stop();
  for (const { id } of proxy.accounts()) await proxy.removeAccount(id);
  const port = await freePort();
  await proxy.updateSetting('port', port);
  return { proxy, port };
}

/** Waits until something holds; settings reach the proxy a moment after the editor took them. */
export async function eventually(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `never came true: ${what}`);
    await new Promise((later) => setTimeout(later, 20));
  }
}
