/**
 * Gemini signs the last text of an answer, too, and wants it back ("not enforced, but recommended"); clients of other
 * protocols cannot carry it. It is kept under the answer's text (SPEC 4.5).
 * https://ai.google.dev/gemini-api/docs/thought-signatures#non-functioncall-parts
 */
import type { AssistantPart } from '../canonical';
import type { SignatureStore } from '../signatures/signature-store';
import { answerKey } from '../signatures/text-key';

const signatureOf = (part: AssistantPart): unknown =>
  part.type === 'text' ? part.metadata?.gemini?.['thoughtSignature'] : undefined;

/** Keeps the signature of an answer's text, where it has one. */
export function rememberText(store: SignatureStore, content: readonly AssistantPart[]): void {
  const signature = content.map(signatureOf).findLast((one) => typeof one === 'string');
  const key = signature === undefined ? undefined : answerKey(content);
  if (key !== undefined && typeof signature === 'string') store.remember('gemini', key, signature);
}

/** The part that a kept signature belongs to, and the signature; undefined where the text is signed or none is known. */
export function recallText(
  store: SignatureStore,
  content: readonly AssistantPart[],
): { part: AssistantPart; signature: string } | undefined {
  const part = content.findLast((one) => one.type === 'text' && one.text !== '');
  if (!part || content.some((one) => signatureOf(one) !== undefined)) return undefined;
  const key = answerKey(content);
  const signature = key === undefined ? undefined : store.recall('gemini', key);
  return signature === undefined ? undefined : { part, signature };
}
