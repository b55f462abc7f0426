/** A DHCPv4 message as extensions see it. */
import { formatHex } from "@kotare/core/base/hex";
import { nameMessageType4 } from "@kotare/core/dhcp4/message-type4";
import { Option4 } from "@kotare/core/dhcp4/message4";
import type { Query } from "@kotare/extension";
import type { ClassedPacket4 } from "./query4.ts";

export class ShownQuery4 implements Query {
  readonly family = 4;
  readonly #packet: ClassedPacket4;

  constructor(packet: ClassedPacket4) {
    this.#packet = packet;
  }

  get type(): string {
    return nameMessageType4(this.#packet.message.type);
  }

  get interface(): string {
    return this.#packet.ingress.interface.name;
  }

  get mac(): string {
    return formatHex(this.#packet.message.chaddr);
  }

  get clientId(): Uint8Array | undefined {
    return this.option(Option4.clientIdentifier);
  }

  get classes(): ReadonlySet<string> {
    return this.#packet.classes;
  }

  option(code: number): Uint8Array | undefined {
    return this.#packet.message.option(code);
  }
}
