/** `portside route <model>`: where a model's name would go, without asking any model (SPEC 5.10). */
import type { Dialect } from '../../shared/setting-names';
import type { RouteExplanation } from '../../shared/status';
import { createProxy } from '../create-proxy';
import { settingsOf } from './serve';

export interface RouteOptions {
  config?: string;
  model: string;
  protocol: Dialect;
  json: boolean;
}

/** Says where the name would go. Sets the exit code: 1 when nobody would serve it. */
export async function route(options: RouteOptions): Promise<void> {
  const quiet = () => undefined;
  const proxy = createProxy({ log: { debug: quiet, info: quiet, warn: quiet, error: quiet } });
  try {
    proxy.configure(settingsOf(options).settings);
    const explained = await proxy.explainRoute(options.model, options.protocol);
    process.stdout.write(options.json ? `${JSON.stringify(explained)}\n` : inWords(explained));
    if (explained.candidates.length === 0) process.exitCode = 1;
  } finally {
    await proxy.stop();
  }
}

function inWords({ model, protocol, rule, why, candidates, warning, error }: RouteExplanation): string {
  const lines = [`${model}, asked for by a client of ${protocol}: ${why}.`];
  if (rule) lines.push(`  route: ${rule.pattern} -> ${rule.targets.join(', ')}`);
  for (const [index, each] of candidates.entries()) {
    const how = each.translated ? `translated to ${each.dialect}` : 'passed through';
    const state = each.state === 'healthy' ? '' : `; ${each.state}${each.reason ? `: ${each.reason}` : ''}`;
    lines.push(`  ${index + 1}. ${each.account} (${each.id}): ${each.model}, ${how}${state}`);
  }
  if (warning !== undefined) lines.push(`  warning: ${warning}`);
  if (error !== undefined) lines.push(`  error: ${error}`);
  return `${lines.join('\n')}\n`;
}
