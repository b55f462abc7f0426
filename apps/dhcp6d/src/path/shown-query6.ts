/** A DHCPv6 message as extensions see it: the client's own, without what relays have put around it. */
import { formatHex } from "@kotare/core/base/hex";
import type { MacSource } from "@kotare/core/config/schema/dhcp6/server-id";
import { nameMessageType6 } from "@kotare/core/dhcp6/message-type6";
import type { Query } from "@kotare/extension";
import { findClientMacs } from "./client-mac6.ts";
import type { ClassedPacket6 } from "./query6.ts";

export class ShownQuery6 implements Query {
  readonly family = 6;
  readonly #packet: ClassedPacket6;
  readonly #macSources: readonly MacSource[];

  constructor(packet: ClassedPacket6, macSources: readonly MacSource[]) {
    this.#packet = packet;
    this.#macSources = macSources;
  }

  get type(): string {
    return nameMessageType6(this.#packet.message.type);
  }

  get interface(): string {
    return this.#packet.ingress.interface.name;
  }

  get mac(): string {
    const { message, ingress } = this.#packet;
    const mac = findClientMacs(message, ingress, this.#macSources).next().value;
    return mac === undefined ? "" : formatHex(mac.address);
  }

  get clientId(): Uint8Array | undefined {
    return this.#packet.message.clientId;
  }

  get classes(): ReadonlySet<string> {
    return this.#packet.classes;
  }

  option(code: number): Uint8Array | undefined {
    return this.#packet.message.option(code);
  }
}
