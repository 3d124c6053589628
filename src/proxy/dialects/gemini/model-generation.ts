/**
 * Which generation of Gemini a model is of, by its name: 2 for `gemini-2.5-pro`. Undefined where the name does not tell
 * (`gemini-flash-latest`, tuned models). https://ai.google.dev/gemini-api/docs/models#model-versions
 */
export function generationOf(model: string): number | undefined {
  const digits = /gemini-(\d+)/.exec(model)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
