import type { Match } from './price-table';

/** @param name in small letters, as the table's own strings are */
export function matchesName(match: Match, name: string): boolean {
  if (Array.isArray(match)) return match.some((each) => matchesName(each, name));
  if (typeof match !== 'string') return match.and.every((each) => matchesName(each, name));
  const text = match.slice(1);
  switch (match[0]) {
    case '=':
      return name === text;
    case '^':
      return name.startsWith(text);
    case '$':
      return name.endsWith(text);
    case '~':
      return name.includes(text);
    case '/':
      return new RegExp(text).test(name);
    default:
      return false;
  }
}
