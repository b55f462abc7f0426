/** A DHCPv6 client for tests, and the relays in front of it; its messages are built option by option. */
import { parseHex } from "@kotare/core/base/hex";
import type { IaCode } from "@kotare/core/dhcp6/identity-association";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { MessageWriter6 } from "@kotare/core/dhcp6/message-writer6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { parseIpv6Prefix } from "@kotare/core/ip/ipv6";
import { readIpv6Key } from "@kotare/core/ip/ipv6-key";
import type { TestReply6 } from "./test-reply6.ts";
import { type IngressChange, ip6, SERVER_DUID, type TestServer6 } from "./test-server6.ts";

/** Adds something to a message. */
export type Part6 = (writer: MessageWriter6) => void;

/** Code and payload in hexadecimal digits. */
export function option(code: number, hex = ""): Part6 {
  return (writer) => writer.option(code, hex === "" ? new Uint8Array(0) : parseHex(hex)!);
}

export const na = (iaid: number, ...addresses: string[]): Part6 => association(Option6.iaNa, iaid, addresses);
/** Prefixes as `2001:db8::/48`. */
export const pd = (iaid: number, ...prefixes: string[]): Part6 => association(Option6.iaPd, iaid, prefixes);

/** The lifetimes wanted may stand behind an address: `2001:db8::1 preferred/valid`. */
function association(code: IaCode, iaid: number, texts: readonly string[]): Part6 {
  return (writer) => {
    writer.openIa(code, iaid, 0, 0);
    for (const text of texts) {
      const [where, times = "0/0"] = text.split(" ");
      const [preferred, valid] = times.split("/").map(Number);
      const prefix = parseIpv6Prefix(code === Option6.iaNa ? `${where}/128` : where!)!;
      const lease = { address: readIpv6Key(prefix.address), length: prefix.length };
      writer.iaLease(code, { ...lease, preferred: preferred!, valid: valid! });
    }
    writer.closeOption();
  };
}

export const serverId: Part6 = (writer) => writer.option(Option6.serverId, SERVER_DUID);

/** One relay: what it says of the link and its options. */
export interface TestRelay6 {
  readonly link: string;
  readonly peer?: string;
  readonly options?: readonly Part6[];
}

/** The message of a type with these parts, in relays from the one nearest to the server on. */
export function buildMessage6(
  type: number,
  parts: readonly Part6[],
  relays: readonly TestRelay6[] = [],
  xid = 0xabcdef,
): Uint8Array {
  const buffer = new Uint8Array(70_000);
  const writer = new MessageWriter6(buffer, 0, buffer.length);
  for (const [i, { link, peer = "fe80::2", options = [] }] of relays.entries()) {
    writer.beginRelay(MessageType6.RELAY_FORW, relays.length - 1 - i, ip6(link), ip6(peer));
    for (const part of options) part(writer);
    writer.openOption(Option6.relayMessage);
  }
  writer.begin(type, xid);
  for (const part of parts) part(writer);
  return buffer.subarray(0, writer.finish());
}

export class TestClient6 {
  readonly duid: string;
  /** Of every message. */
  relays: readonly TestRelay6[] = [];
  ingress: IngressChange = {};
  readonly #server: TestServer6;

  /** @param number at the end of the DUID, which names no hardware address */
  constructor(server: TestServer6, number: number, duid = `000200000009${number.toString(16).padStart(4, "0")}`) {
    this.#server = server;
    this.duid = duid;
  }

  send(type: number, ...parts: readonly Part6[]): Promise<TestReply6 | undefined> {
    const packet = buildMessage6(type, [option(Option6.clientId, this.duid), ...parts], this.relays);
    return this.#server.serve(packet, this.ingress);
  }

  solicit(...parts: readonly Part6[]): Promise<TestReply6 | undefined> {
    return this.send(MessageType6.SOLICIT, ...parts);
  }

  request(...parts: readonly Part6[]): Promise<TestReply6 | undefined> {
    return this.send(MessageType6.REQUEST, serverId, ...parts);
  }

  renew(...parts: readonly Part6[]): Promise<TestReply6 | undefined> {
    return this.send(MessageType6.RENEW, serverId, ...parts);
  }

  rebind(...parts: readonly Part6[]): Promise<TestReply6 | undefined> {
    return this.send(MessageType6.REBIND, ...parts);
  }

  confirm(...parts: readonly Part6[]): Promise<TestReply6 | undefined> {
    return this.send(MessageType6.CONFIRM, ...parts);
  }

  release(...parts: readonly Part6[]): Promise<TestReply6 | undefined> {
    return this.send(MessageType6.RELEASE, serverId, ...parts);
  }

  decline(...parts: readonly Part6[]): Promise<TestReply6 | undefined> {
    return this.send(MessageType6.DECLINE, serverId, ...parts);
  }
}
