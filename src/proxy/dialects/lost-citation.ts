/** Said of a source that only its own provider can name: a document of the request, a file in its storage. */
export const lostCitation = {
  type: 'dropped',
  field: 'citations',
  message: 'A source without an address can be named by its own provider only.',
} as const;
