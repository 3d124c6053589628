/**
 * A view's way to the monitor: through the editor's host where there is one, else over HTTP to the proxy that served the
 * page.
 */
import type {
  MonitorCall,
  MonitorCallName,
  MonitorCalls,
  MonitorDeeds,
  MonitorEvent,
  MonitorHostMessage,
} from '../../shared/monitor';

interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare const acquireVsCodeApi: undefined | (() => EditorApi);

const STATE_KEY = 'portside-monitor';
/** A stream of events that ended is opened again after so many milliseconds. */
const AGAIN_MS = 1000;

const editor = typeof acquireVsCodeApi === 'function' ? acquireVsCodeApi() : undefined;
const listeners = new Set<(event: MonitorEvent) => void>();
const returns = new Set<() => void>();
const waiting = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>();
let lastSeq = 0;

const tell = (event: MonitorEvent): void => {
  for (const listener of listeners) listener(event);
};

/** Whether the view stands in an editor, which has dialogs, a clipboard and settings of its own. */
export const inEditor = editor !== undefined;

function post<Answer>(message: object): Promise<Answer> {
  const seq = ++lastSeq;
  return new Promise((resolve, reject) => {
    waiting.set(seq, { resolve, reject });
    editor?.postMessage({ ...message, seq });
  });
}

async function fetchAnswer<Answer>(call: MonitorCall): Promise<Answer> {
  const answer = await fetch('monitor/api', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(call),
  });
  if (answer.status === 401) {
    // The key changed, or the session is over: the page asks for the key.
    location.reload();
  }
  const body = (await answer.json()) as { answer: Answer; message?: string };
  if (!answer.ok) throw new Error(body.message ?? `The monitor answered ${answer.status}.`);
  return body.answer;
}

/**
 * Asks the monitor. Rejects with an error whose message is for the user.
 * @param type what to ask, see {@link MonitorCalls}
 */
export function call<Name extends MonitorCallName>(
  type: Name,
  ask: MonitorCalls[Name]['ask'],
): Promise<MonitorCalls[Name]['answer']> {
  const whole = { type, ...ask } as MonitorCall;
  return editor ? post({ type: 'call', call: whole }) : fetchAnswer(whole);
}

/** Asks the editor to do something. Only where {@link inEditor}. */
export function deed<Name extends keyof MonitorDeeds>(
  type: Name,
  ask: MonitorDeeds[Name]['ask'],
): Promise<MonitorDeeds[Name]['answer']> {
  return post({ type, ...ask });
}

/** Calls back with every event. @returns its own removal */
export function onEvent(listener: (event: MonitorEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Calls back when the view is seen again after events may have been missed. @returns its own removal */
export function onReturn(listener: () => void): () => void {
  returns.add(listener);
  return () => returns.delete(listener);
}

/** What was kept with {@link keepState}. */
export function keptState(): unknown {
  if (editor) return editor.getState();
  try {
    return JSON.parse(localStorage.getItem(STATE_KEY) ?? 'null') as unknown;
  } catch {
    return undefined;
  }
}

/** Keeps plain data (widths, filters) for the next time the view is opened. Never content of a request. */
export function keepState(state: unknown): void {
  if (editor) {
    editor.setState(state);
    return;
  }
  try {
    localStorage.setItem(STATE_KEY, JSON.stringify(state));
  } catch {
    // A browser without storage forgets.
  }
}

let source: EventSource | undefined;

function listen(): void {
  const stream = new EventSource('monitor/events');
  source = stream;
  let lost = false;
  stream.onopen = () => {
    if (lost) for (const listener of returns) listener();
    lost = false;
  };
  stream.onmessage = ({ data }: MessageEvent<string>) => tell(JSON.parse(data) as MonitorEvent);
  stream.onerror = () => {
    lost = true;
    if (stream.readyState === EventSource.CLOSED && source === stream) setTimeout(listen, AGAIN_MS);
  };
}

if (editor)
  window.addEventListener('message', ({ data }: MessageEvent<MonitorHostMessage>) => {
    if (data.type === 'event') {
      tell(data.event);
      return;
    }
    const asked = waiting.get(data.seq);
    waiting.delete(data.seq);
    if (data.ok) asked?.resolve(data.answer as never);
    else asked?.reject(new Error(data.message));
  });
else if (!document.hidden) listen();
document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    // A browser has six connections for all pages of a host: pages that nobody sees must not hold them.
    source?.close();
    source = undefined;
    return;
  }
  if (!editor) listen();
  for (const listener of returns) listener();
});
