import { isObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { OpaquePart, ServerStep } from '../canonical';
import type { WirePart } from './wire';

/**
 * What another provider's tools did, in an answer for a Gemini client: code and what came of it as parts
 * (https://ai.google.dev/api/caching#ExecutableCode); searches stand with the sources.
 */
export function encodeStep(step: ServerStep): WirePart[] {
  if (step.type !== 'code-execution') return [];
  const { language, code, output, failed } = step;
  const outcome = failed ? 'OUTCOME_FAILED' : 'OUTCOME_OK';
  return [
    ...(code === undefined
      ? []
      : [
          {
            executableCode: { language: language === 'python' ? 'PYTHON' : 'LANGUAGE_UNSPECIFIED', code },
          },
        ]),
    ...(output === undefined ? [] : [{ codeExecutionResult: { outcome, output } }]),
  ];
}

/** A piece that Gemini itself made goes back as it came; of others it is warned that they are left out. */
export function encodeOpaque(part: OpaquePart, warn: Warn, path: string): WirePart[] {
  if (part.dialect === 'gemini' && isObject(part.value)) return [part.value];
  warn({ type: 'dropped', field: path, message: `Gemini has no counterpart of "${part.label}".` });
  return [];
}
