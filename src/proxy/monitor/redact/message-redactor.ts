/** Takes secrets out of records and messages before they are stored: nothing passes that is known, named or looks like one. */
import type { ExchangeRecord } from '../../../shared/exchange';
import type { CapturedMessage } from '../../../shared/monitor';
import { MASK } from '../../../shared/redact';
import type { RawMessage } from '../keeper/keeper-messages';
import type { StoredMessage } from '../store/record-store';
import { KnownSecrets } from './known-secrets';
import { maskMembers } from './mask-members';
import { readableBody } from './readable-body';
import { looksRandom, maskLooks, maskRandom } from './secret-looks';
import { judgeHeader, judgeParameter } from './secret-names';
import { shortenData } from './shorten-data';

/** Scheme words of credentials, which say more than they tell. */
const SCHEME =
  /^(bearer|basic|token|digest|apikey|key|negotiate|aws4-hmac-sha256|aws4-ecdsa-p256-sha256)[ \t]+\S/i;
const HOLDS_ADDRESS =
  /^(location|content-location|referer|link|x-forwarded-uri|x-original-url|x-rewrite-url|operation-location)$/;
/** Segments behind which a model or a deployment is named. */
const BEFORE_MODEL = /^(models|model|tunedModels|deployments|engines|endpoints|inference-profile)$/;
/** Ids that providers give to what they keep. */
const ID_OF_PROVIDER =
  /^(resp|msg|req|chatcmpl|cmpl|file|files|batch|msgbatch|run|thread|asst|call|item|rs|fc|conv|vs|toolu|embd)[-_]/;
/** Members of a record that Portside fills with words of its own. */
const OWN_WORDS = new Set([
  'id',
  'replayOf',
  'outcome',
  'chosenBy',
  'clientDialect',
  'upstreamDialect',
  'dialect',
  'provider',
]);
const REMEMBERED = 2000;
const LONGEST_REMEMBERED = 200;

/** No model is called so, but keys stand in the wrong field now and then. */
const modelName = (model: string): string =>
  model.split(/[^A-Za-z0-9]+/).some((piece) => looksRandom(piece, 24)) ? MASK : model;

const TOKEN_LIKE = /[A-Za-z0-9_\-.+/=%~:@\\]/;

/** The text without the word at its end, which may be half a key. */
function withoutLastWord(text: string): string {
  let end = text.length;
  while (end > 0 && TOKEN_LIKE.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}

/** Masks with the mask's own text: what is masked stays as it is when it is masked again. */
export class MessageRedactor {
  readonly #known: KnownSecrets;
  readonly #seen = new Map<(text: string) => string, Map<string, string>>();
  readonly #mask = (text: string) => this.text(text);
  readonly #cleanPath = (path: string) => this.text(this.#path(path));

  /** @param secrets all keys that are known: of accounts, of clients, of cloud sign-ins */
  constructor(secrets: string[]) {
    this.#known = new KnownSecrets(secrets);
  }

  /** Any text without known secrets, secret members of JSON in it, and what looks like a key. */
  text(text: string): string {
    return maskLooks(maskMembers(this.#known.mask(text)));
  }

  /** A message as it may be stored: headers, address and, where it is text, the body. */
  message(raw: RawMessage): StoredMessage {
    const headers: CapturedMessage['headers'] = [];
    let type: string | undefined;
    let encoding = '';
    for (let index = 0; index + 1 < raw.headers.length; index += 2) {
      const name = raw.headers[index] ?? '';
      const value = raw.headers[index + 1] ?? '';
      const lower = name.toLowerCase();
      headers.push([this.#headerName(name), this.#header(lower, value)]);
      if (lower === 'content-type') type ??= value;
      if (lower === 'content-encoding') encoding = encoding ? `${encoding},${value}` : value;
    }
    const { body, ...rest } = this.#body(raw, type ?? '', encoding);
    return {
      seq: raw.seq,
      part: raw.part,
      ...(raw.attempt !== undefined && { attempt: raw.attempt }),
      ...(raw.method !== undefined && { method: this.text(raw.method) }),
      ...(raw.url !== undefined && { url: this.url(raw.url) }),
      ...(raw.status !== undefined && { status: raw.status }),
      headers,
      ...(type !== undefined && { contentType: this.text(type) }),
      size: raw.size,
      ...rest,
      ...(body !== undefined && { body }),
    };
  }

  /** A record whose free words (errors, reasons, names) hold no secret. */
  record(record: ExchangeRecord): ExchangeRecord {
    const clean = this.#deep(record);
    clean.path = this.#remembered(record.path, this.#cleanPath);
    for (const name of ['modelAsked', 'modelServed'] as const) {
      const model = clean[name];
      if (model !== undefined) clean[name] = this.#remembered(model, modelName);
    }
    return clean;
  }

  /** An address or a path with its query, without keys in either. */
  url(url: string): string {
    const [, origin = '', user, path = '', query, fragment = ''] =
      /^([a-z][a-z0-9+.-]*:\/\/(?:([^/?#]*)@)?[^/?#]*)?([^?#]*)(?:\?([^#]*))?(#.*)?$/is.exec(url) ?? [];
    const where = user === undefined ? origin : origin.replace(`${user}@`, `${MASK}@`);
    const asked = query === undefined ? '' : `?${this.#parameters(query)}`;
    return this.text(where + this.#path(path)) + asked + this.text(fragment);
  }

  #deep<Value>(value: Value): Value {
    if (typeof value === 'string') return this.#remembered(value, this.#mask) as Value;
    if (Array.isArray(value)) return value.map((each: unknown) => this.#deep(each)) as Value;
    if (typeof value !== 'object' || value === null) return value;
    const clean: Record<string, unknown> = {};
    for (const [name, each] of Object.entries(value) as [string, unknown][])
      clean[name] = typeof each !== 'object' && OWN_WORDS.has(name) ? each : this.#deep(each);
    return clean as Value;
  }

  /** What was done to a text before: names of models, accounts and paths come with every record. */
  #remembered(text: string, clean: (text: string) => string): string {
    if (text.length > LONGEST_REMEMBERED) return clean(text);
    let known = this.#seen.get(clean);
    if (!known) this.#seen.set(clean, (known = new Map()));
    let found = known.get(text);
    if (found === undefined) {
      found = clean(text);
      if (known.size >= REMEMBERED) known.clear();
      known.set(text, found);
    }
    return found;
  }

  #path(path: string): string {
    const segments = path.split('/');
    return segments
      .map((segment, index) => {
        if (segment === '' || segment === MASK) return segment;
        if (this.#known.is(segment)) return MASK;
        const plain = decoded(segment);
        if (plain !== segment && this.text(plain) !== plain) return MASK;
        if (BEFORE_MODEL.test(segments[index - 1] ?? '') || ID_OF_PROVIDER.test(segment)) return segment;
        return looksRandom(segment) ? MASK : segment;
      })
      .join('/');
  }

  #parameters(query: string): string {
    return query
      .split('&')
      .map((pair) => {
        const equals = pair.indexOf('=');
        if (equals < 0) return this.#value(pair, pair, true);
        const name = pair.slice(0, equals);
        const value = pair.slice(equals + 1);
        const judged = judgeParameter(decoded(name));
        if (judged === 'secret' && value !== '') return `${this.text(name)}=${MASK}`;
        return `${this.text(name)}=${this.#value(value, value, judged === 'unknown')}`;
      })
      .join('&');
  }

  #value(value: string, left: string, unknown: boolean): string {
    if (value === '') return left;
    if (this.#known.is(value)) return MASK;
    // Twice: an address within an address.
    let plain = value;
    for (let times = 0; times < 2; times++) {
      plain = decoded(plain);
      if (this.text(plain) !== plain || this.#known.is(plain)) return MASK;
    }
    const clean = this.text(left);
    return unknown && clean === left ? maskRandom(clean) : clean;
  }

  #headerName(name: string): string {
    const clean = this.text(name);
    return clean === name && looksRandom(name, 24) ? MASK : clean;
  }

  #header(name: string, value: string): string {
    if (value === '') return value;
    const judged = judgeHeader(name);
    if (judged === 'secret') {
      const scheme = SCHEME.exec(value)?.[1];
      return scheme === undefined ? MASK : `${scheme} ${MASK}`;
    }
    if (HOLDS_ADDRESS.test(name)) return this.url(value);
    return this.#value(value, value, judged === 'unknown');
  }

  #body(raw: RawMessage, type: string, encoding: string): Pick<StoredMessage, 'body' | 'kept' | 'note'> {
    const note = raw.note === undefined ? undefined : this.text(raw.note);
    if (!raw.body || raw.body.length === 0) return { kept: 0, ...(note !== undefined && { note }) };
    const bytes = Buffer.concat(raw.body);
    const read = readableBody(bytes, type, encoding, raw.size);
    if (read.text === undefined) return { kept: 0, note: this.text(read.note) };
    const cut = bytes.length < raw.size;
    let { text } = read;
    const notes = [note, read.note];
    if (cut) {
      // The end may be half a key, which nothing knows any more.
      text = this.#known.withoutBeginning(withoutLastWord(text));
      if (note === undefined) notes.push('Only the beginning of this body was kept.');
    }
    const short = shortenData(text);
    if (short.shortened) notes.push('Long data in base64 was shortened.');
    const form = /^application\/x-www-form-urlencoded\b/i.test(type);
    const clean = form ? this.#parameters(short.text) : this.text(short.text);
    const said = notes.filter((each) => each !== undefined).join(' ');
    return { body: Buffer.from(clean, 'utf8'), kept: bytes.length, ...(said !== '' && { note: said }) };
  }
}
