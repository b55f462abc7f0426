/** What stands in for the DNS updater, and for the DNS behind it: tests only. */
import { decodeRequest, encodeConfirmations, splitRequests } from "../../ncr/ncr-datagram.ts";
import type { ChannelEvents } from "../update-channel.ts";

export class TestUpdater {
  /** `+name address` and `-name address`, as they arrive. */
  readonly told: string[] = [];
  /** Whether it is there, and confirms. */
  isUp = true;
  /** Whether what it confirms is lost. */
  isMute = false;
  /** What the DNS holds, if the updater does as it is told: name → address. */
  readonly zone: Map<string, string>;
  #events!: ChannelEvents;

  constructor(zone = new Map<string, string>()) {
    this.zone = zone;
  }

  /** As `UpdateSessionParts` has it. */
  readonly openChannel = (_: unknown, events: ChannelEvents) => {
    this.#events = events;
    return { send: (datagram: Uint8Array) => this.#arrive(datagram), [Symbol.dispose]: () => {} };
  };

  #arrive(datagram: Uint8Array): void {
    if (!this.isUp) {
      queueMicrotask(() => this.#events.onRefusal(new Error("ECONNREFUSED")));
      return;
    }
    const numbers = splitRequests(datagram).map((bytes) => {
      const { change, fqdn, address, confirm } = decodeRequest(bytes);
      this.told.push(`${change === "add" ? "+" : "-"}${fqdn} ${address}`);
      if (change === "add") this.zone.set(fqdn, address);
      else if (this.zone.get(fqdn) === address) this.zone.delete(fqdn);
      return confirm!;
    });
    if (this.isMute) return;
    for (const bytes of encodeConfirmations(numbers)) setImmediate(() => this.#events.onDatagram(bytes));
  }
}
