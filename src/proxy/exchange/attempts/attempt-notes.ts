import type { Capture } from '../../monitor/capture';
import type { Monitor } from '../../monitor/monitor';
import type { UpstreamRequest } from '../../upstream/send';
import type { Exchange } from '../exchange';

type Body = ReturnType<Capture['message']>;

/** What the monitor keeps of one attempt's messages: all of them while it keeps bodies, else the heads of a failure. */
export class AttemptNotes {
  /** Which of the exchange's attempts it is. */
  readonly #index: number;
  /** What was sent, without its body, until it is known whether it is worth keeping. */
  #sent: { method: string; url: string; headers: string[] } | undefined;
  #body: Body | undefined;

  constructor(
    private readonly monitor: Monitor,
    private readonly exchange: Exchange,
  ) {
    this.#index = exchange.attempts.length - 1;
  }

  /** Notes the request as it is sent. */
  request({ method, origin, path, headers, body }: UpstreamRequest): void {
    const { capture } = this.exchange;
    this.#sent = { method, url: origin + path, headers };
    if (capture?.whole) this.#noteRequest(capture, this.#sent).add(body);
  }

  /** Notes the head of an answer. */
  head(status: number, headers: string[]): void {
    const { exchange, monitor } = this;
    const sent = this.#sent;
    this.#sent = undefined;
    if (!sent) return;
    if (!exchange.capture?.whole) {
      if (status >= 200 && status < 300) return;
      exchange.capture ??= monitor.createHeadCapture();
      this.#noteRequest(exchange.capture, sent);
    }
    this.#body = exchange.capture.message({
      part: 'upstream-response',
      attempt: this.#index,
      status,
      headers,
    });
  }

  /** Notes a piece of the answer's body. */
  data(bytes: Buffer): void {
    this.#body?.add(bytes);
  }

  #noteRequest(capture: Capture, sent: { method: string; url: string; headers: string[] }): Body {
    return capture.message({ part: 'upstream-request', attempt: this.#index, ...sent });
  }
}
