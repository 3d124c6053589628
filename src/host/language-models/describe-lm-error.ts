import type { LmError } from '../../shared/language-models';

/** Words of quotas and rates: the editor has no code of its own for them. */
const LIMIT = /quota|rate.?limit|too many requests|exceeded your|allowance|throttl|\b429\b/i;

interface Told {
  name?: unknown;
  code?: unknown;
  message?: unknown;
  cause?: unknown;
}

/**
 * What an error of the editor's models means. Its codes are names of functions; behind `Unknown` the model's own error is
 * the cause. https://code.visualstudio.com/api/references/vscode-api#LanguageModelError
 * @param depth how many causes deep this one lies: they may go in circles
 */
export function describeLmError(error: unknown, depth = 0): LmError {
  const { name, code, message, cause } = (
    typeof error === 'object' && error !== null ? error : { message: String(error) }
  ) as Told;
  const words = typeof message === 'string' && message !== '' ? message : 'The model gave no reason.';
  switch (code) {
    case 'NoPermissions':
      return {
        kind: 'permission',
        message: `The editor does not let Portside use this model (${words}). Allow it with “Portside: Allow Editor Models” in the editor.`,
      };
    case 'NotFound':
      return { kind: 'not-found', message: words };
    case 'Blocked':
      return { kind: LIMIT.test(words) ? 'limited' : 'blocked', message: words };
    default:
      break;
  }
  const behind = cause === undefined || depth === 5 ? undefined : describeLmError(cause, depth + 1);
  if (behind && behind.kind !== 'failed') return behind;
  const limited = [name, code, words].some((each) => typeof each === 'string' && LIMIT.test(each));
  return { kind: limited ? 'limited' : 'failed', message: behind?.message ?? words };
}
