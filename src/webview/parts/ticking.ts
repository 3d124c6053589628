import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Renders its part anew every second while something counts down. */
export class Ticking implements ReactiveController {
  #timer: number | undefined;

  /** @param wanted whether anything counts down; asked after every rendering */
  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly wanted: () => boolean,
  ) {
    host.addController(this);
  }

  hostUpdated(): void {
    if (!this.wanted()) {
      this.hostDisconnected();
      return;
    }
    this.#timer ??= window.setInterval(() => this.host.requestUpdate(), 1000);
  }

  hostDisconnected(): void {
    window.clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
