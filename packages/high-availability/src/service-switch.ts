/** A server's own switch of its service: for `status-get`, and for messages that are for whoever gets them. */
import type { Surroundings } from "@kotare/extension";

/** By which the daemon tells it from a partner's, and from who controls the daemon. */
const ORIGIN = { "origin-id": 1000 };

export class ServiceSwitch {
  readonly #command: Surroundings<unknown>["command"];
  /** One switch after the other. */
  #switched: Promise<unknown> = Promise.resolve();

  constructor(command: Surroundings<unknown>["command"]) {
    this.#command = command;
  }

  switch(isOn: boolean): void {
    const name = isOn ? "dhcp-enable" : "dhcp-disable";
    // While the daemon starts nobody takes commands.
    this.#switched = this.#switched.then(() => this.#command(name, ORIGIN)).catch(() => undefined);
  }
}
