/** A server's own switch of its service: for `status-get`, and for messages that are for whoever gets them. */
import type { Surroundings } from "@kotare/extension";

/** By these the daemon tells it from a partner's, and from who controls the daemon. */
const FIRST = 1000;
const COUNT = 1000;
let next = 0;

export class ServiceSwitch {
  readonly #command: Surroundings<unknown>["command"];
  /** Its own: where a reload brings another one, the former lets go of what it has switched off, and of nothing else. */
  readonly #origin = { "origin-id": FIRST + (next++ % COUNT) };
  /** One switch after the other. */
  #switched: Promise<unknown> = Promise.resolve();

  constructor(command: Surroundings<unknown>["command"]) {
    this.#command = command;
  }

  switch(isOn: boolean): void {
    const name = isOn ? "dhcp-enable" : "dhcp-disable";
    // While the daemon starts nobody takes commands.
    this.#switched = this.#switched.then(() => this.#command(name, this.#origin)).catch(() => undefined);
  }
}
