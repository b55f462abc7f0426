/** What dhcp6d has of DHCPv4 over DHCPv6: it passes queries on to the DHCPv4 server, and answers back to clients and relays. */
import type { SendBatch } from "@kotare/netio/transports/datagram";
import { DecodeError } from "../../base/decode-error.ts";
import { MessageType6 } from "../../dhcp6/message-type6.ts";
import { Message6 } from "../../dhcp6/message6.ts";
import { type Ipv6Key, isMulticast, UNSPECIFIED } from "../../ip/ipv6-key.ts";
import type { Logger } from "../../log/logger.ts";
import type { Ports } from "../interfaces/sockets.ts";
import type { ServerMessages } from "../messages.ts";
import type { Companion, Doors } from "../server-family.ts";
import { encodeOver6Reply, OVER6_LIMIT, readOver6 } from "./over6-messages.ts";
import { type OpenPeer, type Peer, PeerSocket } from "./peer-socket.ts";

export class Tunnel6 implements Companion<{ readonly "dhcp4o6-port": number }, unknown, Ipv6Key> {
  readonly #socket: Peer;
  readonly #log: Logger;
  readonly #messages: ServerMessages;
  readonly #ports: Ports;
  readonly #onSent: () => void;
  #doors: Doors<Ipv6Key> | undefined;
  /** Of responses that have come in this turn of the main loop. */
  #batch: SendBatch<Ipv6Key> | undefined;

  /** @param onSent called for each response that has left @param open a stage's own */
  constructor(log: Logger, messages: ServerMessages, ports: Ports, onSent: () => void, open?: OpenPeer) {
    const take = (bytes: Uint8Array) => this.#passBack(bytes);
    this.#socket = open?.(take) ?? new PeerSocket(6, log, messages, take);
    this.#log = log;
    this.#messages = messages;
    this.#ports = ports;
    this.#onSent = onSent;
  }

  get isOn(): boolean {
    return this.#socket.isOn;
  }

  open(doors: Doors<Ipv6Key>): void {
    this.#doors = doors;
  }

  update(): void {}

  configure(config: { readonly "dhcp4o6-port": number }): void {
    this.#socket.configure(config["dhcp4o6-port"]);
  }

  check(): void {
    void this.#socket.check();
  }

  async stop(): Promise<void> {
    this.#socket[Symbol.dispose]();
  }

  /** @param query as `encodeOver6Query` writes it */
  passOn(query: Uint8Array): void {
    this.#socket.send(query);
  }

  #passBack(bytes: Uint8Array): void {
    try {
      this.#answer(new Message6(bytes));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#log.log(this.#messages.PEER_BAD_PACKET, { length: bytes.length, error: error.message });
    }
  }

  #answer(response: Message6): void {
    const { way } = readOver6(response, MessageType6.DHCPV4_RESPONSE);
    const { interfaceName, source: address, sourcePort } = way;
    if (address === UNSPECIFIED || isMulticast(address)) {
      throw new DecodeError("option 17", response.start, "names no client or relay to answer");
    }
    const served = this.#doors?.served(interfaceName);
    if (served === undefined) {
      throw new DecodeError("option 17", response.start, `names interface ${interfaceName}, which is not served`);
    }
    this.#batch ??= this.#open();
    if (this.#batch === undefined) return;
    const { buffer, offset } = this.#batch.reserve(OVER6_LIMIT);
    const length = encodeOver6Reply(response, buffer, offset, OVER6_LIMIT);
    if (length === undefined) return;
    const { client, server } = this.#ports;
    const [relay] = response.relays;
    const port = relay === undefined ? client : relay.wantsSourcePort ? sourcePort : server;
    this.#batch.add(length, { ifindex: served.index, source: served.addresses[0]!, address, port, mac: undefined });
  }

  /** The kernel gives all that waits one after the other: they leave together. */
  #open(): SendBatch<Ipv6Key> | undefined {
    const batch = this.#doors?.newSendBatch();
    if (batch === undefined) return undefined;
    setImmediate(() => {
      this.#batch = undefined;
      const { size } = batch;
      for (let sent = size - batch.send().length; sent > 0; sent--) this.#onSent();
    });
    return batch;
  }
}
