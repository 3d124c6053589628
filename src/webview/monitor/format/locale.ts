/** The language in which numbers and times are written: the page's own, which its host sets, else the browser's. */

const numbers = new Map<string, Intl.NumberFormat>();
const times = new Map<string, Intl.DateTimeFormat>();

/** BCP 47 tag, or undefined where the platform's own is to be used. */
export function pageLocale(): string | undefined {
  // Unit tests have no page, nor its types.
  const { document } = globalThis as { document?: { documentElement: { lang: string } } };
  return (
    document?.documentElement.lang || (typeof navigator === 'undefined' ? undefined : navigator.language)
  );
}

/** A number in the page's language. Formats are kept: to make one costs more than a row of a table. */
export function writeNumber(value: number, options: Intl.NumberFormatOptions = {}): string {
  const key = `${pageLocale()} ${JSON.stringify(options)}`;
  let format = numbers.get(key);
  if (!format) numbers.set(key, (format = new Intl.NumberFormat(pageLocale(), options)));
  return format.format(value);
}

/** A time (Unix ms) in the page's language and the machine's time zone. */
export function writeTime(time: number, options: Intl.DateTimeFormatOptions): string {
  const key = `${pageLocale()} ${JSON.stringify(options)}`;
  let format = times.get(key);
  if (!format) times.set(key, (format = new Intl.DateTimeFormat(pageLocale(), options)));
  return format.format(time);
}
