/** The beginnings of the image formats that providers take, in base64. */
const BEGINNINGS: [start: string, mediaType: string][] = [
  ['/9j/', 'image/jpeg'],
  ['iVBORw0KGgo', 'image/png'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
];

/**
 * The true media type of an image: clients often name another, and providers that look refuse it.
 * @param data base64
 * @param named what the client says, for formats that are not known by their beginning
 * @returns `image/jpeg`, `image/png`, `image/gif` or `image/webp`; undefined for any other
 */
export function imageType(data: string, named: string): string | undefined {
  const found = BEGINNINGS.find(([start]) => data.startsWith(start))?.[1];
  const type = found ?? (named === 'image/jpg' ? 'image/jpeg' : named);
  return BEGINNINGS.some(([, known]) => known === type) ? type : undefined;
}
