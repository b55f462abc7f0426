/** DHCPv4 over DHCPv6 (RFC 7341): all pairs of our daemons and Kea's, as one client and one relay see them. */
import { join } from "node:path";
import { buildMessage4 } from "@kotare/testkit/build-message4";
import { ip, text, u16 } from "@kotare/testkit/payloads";
import { describe, expect, test, vi } from "vitest";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { sendCommand } from "../../src/subject/command.ts";
import { findDaemon, Server, type Subject } from "../../src/subject/server.ts";
import { isThorough } from "../../src/subject/thorough.ts";
import { ipv6Bytes, linkLocal } from "../../src/wire/ipv6-text.ts";
import { decodeMessage4, type Message4, type Option, optionOf } from "../../src/wire/message4.ts";
import { encodeMessage6, encodeOptions6, type Message6, type Relay6 } from "../../src/wire/message6.ts";
import { Probe6 } from "../../src/wire/probe6.ts";

/** DHCPv6's server first. */
const PAIRS: readonly (readonly [Subject, Subject])[] = [
  ["kotare", "kotare"],
  ["kotare", "kea"],
  ["kea", "kotare"],
  ["kotare", "kea3"],
  ["kea3", "kotare"],
  // What the scene itself is worth.
  ...(isThorough ? ([["kea", "kea"]] as const) : []),
];

const QUERY = 20;
const RESPONSE = 21;
const UNICAST_FLAG = 0x80_0000;
const MAC = "02:aa:00:00:00:01";
const RELAY_MAC = "02:bb:00:00:00:01";
/** Of a crowd: what sockets hold. */
const AT_A_TIME = 20;
const CLIENT_ID: Option = [61, Uint8Array.of(255, 0, 0, 0, 1, 0, 3, 0, 1, 2, 0xaa, 0, 0, 0, 1)];

const port = { "dhcp4o6-port": 6767 };
const config6 = { ...port, subnet6: [{ id: 1, subnet: "2001:db8::/64", interface: "eth0" }] };
const config4 = {
  ...port,
  "valid-lifetime": 7200,
  "option-data": [{ name: "routers", data: "10.0.0.254" }],
  // The first subnet to which any clue points is the client's.
  subnet4: [
    { id: 1, subnet: "10.1.0.0/24", "4o6-interface-id": "port7", pools: [{ pool: "10.1.0.10 - 10.1.0.19" }] },
    { id: 2, subnet: "10.0.0.0/16", "4o6-interface": "eth0", pools: [{ pool: "10.0.0.10 - 10.0.15.255" }] },
  ],
};

class Client implements Disposable {
  readonly #probe: Probe6;

  private constructor(probe: Probe6) {
    this.#probe = probe;
  }

  static async open(host: Host): Promise<Client> {
    return new Client(await Probe6.open(host, "eth0"));
  }

  /** @param flags of the query @returns the response, and what is in it */
  async ask(
    type: number,
    options: readonly Option[],
    { flags = 0, extra = [], relays = [], ciaddr = "0.0.0.0" }: Way = {},
  ): Promise<{ readonly around: Message6; readonly inside: Message4 }> {
    const inside = buildMessage4({ type, xid: 0x1234_5678, chaddr: MAC, ciaddr, options: [CLIENT_ID, ...options] });
    const message = { relays, type: QUERY, xid: flags, options: [...extra, [87, inside] as const] };
    const isRelayed = relays.length > 0;
    const sourceMac = isRelayed ? RELAY_MAC : MAC;
    const sourcePort = isRelayed ? 547 : 546;
    this.#probe.send(encodeMessage6(message), { sourceMac, source: linkLocal(sourceMac), sourcePort });
    const answer = await this.#probe.next(20_000);
    if (answer === undefined) throw new Error(`no answer to message ${type}`);
    const around = answer.message;
    expect(around.type).toBe(RESPONSE);
    const to = { destination: answer.frame.destination, port: answer.frame.destinationPort };
    expect(to).toEqual({ destination: linkLocal(sourceMac), port: sourcePort });
    return { around, inside: decodeMessage4(around.options.find(([code]) => code === 87)![1]) };
  }

  async bind(way: Way = {}): Promise<Message4> {
    const { inside: offer } = await this.ask(1, [WISHES], way);
    expect(read(offer)).toMatchObject({ type: 2 });
    const asked: Option[] = [[50, ip(offer.yiaddr)], [54, optionOf(offer, 54)!], WISHES];
    return (await this.ask(3, asked, way)).inside;
  }

  /** Has so many others get leases, some at a time. @returns the addresses */
  async bindMany(count: number): Promise<readonly string[]> {
    const addresses = new Map<number, string>();
    const send = (number: number, type: number, options: readonly Option[] = []) => {
      const chaddr = `02:cc:00:00:${[number >> 8, number & 0xff].map((byte) => byte.toString(16).padStart(2, "0")).join(":")}`;
      const inside = buildMessage4({ type, xid: number, chaddr, options: [[61, [1, 2, ...u16(number)]], ...options] });
      const payload = encodeMessage6({ relays: [], type: QUERY, xid: 0, options: [[87, inside]] });
      this.#probe.send(payload, { sourceMac: MAC, source: linkLocal(MAC), sourcePort: 546 });
    };
    let begun = 0;
    const beginMore = () => {
      while (begun < count && begun - addresses.size < AT_A_TIME) send(begun++, 1);
    };
    beginMore();
    while (addresses.size < count) {
      const answer = await this.#probe.next(2000);
      if (answer === undefined) {
        // Datagrams may be lost on a busy machine; clients ask again then.
        for (let number = 0; number < begun; number++) if (!addresses.has(number)) send(number, 1);
        continue;
      }
      const inside = decodeMessage4(answer.message.options.find(([code]) => code === 87)![1]);
      const asked: readonly Option[] = [
        [50, ip(inside.yiaddr)],
        [54, optionOf(inside, 54)!],
      ];
      if (read(inside).type === 2) send(inside.xid, 3, asked);
      else if (read(inside).type === 5) addresses.set(inside.xid, inside.yiaddr);
      beginMore();
    }
    return [...addresses.values()];
  }

  /** Sends so many queries, and waits for no answer. */
  flood(count: number): void {
    const inside = buildMessage4({ type: 1, xid: 1, chaddr: MAC, options: [CLIENT_ID] });
    const payload = encodeMessage6({ relays: [], type: QUERY, xid: 0, options: [[87, inside]] });
    for (let i = 0; i < count; i++) {
      this.#probe.send(payload, { sourceMac: MAC, source: linkLocal(MAC), sourcePort: 546 });
    }
  }

  [Symbol.dispose](): void {
    this.#probe[Symbol.dispose]();
  }
}

interface Way {
  readonly flags?: number;
  readonly extra?: readonly Option[];
  readonly relays?: readonly Relay6[];
  readonly ciaddr?: string;
}

const WISHES: Option = [55, Uint8Array.of(1, 3)];

function read(message: Message4) {
  return { type: optionOf(message, 53)?.[0], address: message.yiaddr, router: optionOf(message, 3)?.join(".") };
}

/** Kea's sub-options of its own enterprise. */
function vendorOption(...subOptions: readonly Option[]): Option {
  return [17, Buffer.concat([Buffer.of(0, 0, 0x09, 0xbf), encodeOptions6(subOptions)])];
}

const relay: Relay6 = {
  type: 12,
  hops: 0,
  link: "2001:db8:7::1",
  peer: linkLocal(MAC),
  options: [[18, text("port7")]],
};

describe.each(PAIRS)("%s passes on to %s", (six, four) => {
  const isHere = findDaemon(six, 6) !== undefined && findDaemon(four, 4) !== undefined;

  test.skipIf(!isHere)(
    "a client and one behind a relay get leases and keep them; nobody else says whence",
    async () => {
      await using lab = new Lab();
      const network = lab.network();
      const host = lab.host("server", { ipv6: true });
      host.attach(network, "eth0", "10.0.0.1/24");
      host.ip("address", "add", "2001:db8::1/64", "dev", "eth0", "nodad");
      for (const mac of [MAC, RELAY_MAC]) {
        host.ip("neighbour", "replace", linkLocal(mac), "lladdr", mac, "dev", "eth0", "nud", "permanent");
      }
      const clients = lab.host("clients");
      clients.attach(network, "eth0");
      const folderOf = (family: 4 | 6) => join(lab.folder, family === 6 ? "six" : "four");
      const socketOf = (family: 4 | 6) => join(folderOf(family), "control");
      const control = (family: 4 | 6) => ({
        "control-socket": { "socket-type": "unix", "socket-name": socketOf(family) },
      });
      const [all6, all4] = [
        { ...config6, ...control(6) },
        { ...config4, ...control(4) },
      ];
      await using _ = await Server.start(six, host, all6, { family: 6, folder: folderOf(6) });
      await using server4 = await Server.start(four, host, all4, { family: 4, folder: folderOf(4) });
      using client = await Client.open(clients);

      expect(read(await client.bind())).toEqual({ type: 5, address: "10.0.0.10", router: "10.0.0.254" });
      expect(server4.leases().get("10.0.0.10")).toMatchObject({ hwaddr: MAC, validLifetime: 7200 });
      const renewed = await client.ask(3, [WISHES], { flags: UNICAST_FLAG, ciaddr: "10.0.0.10" });
      expect(read(renewed.inside)).toEqual({ type: 5, address: "10.0.0.10", router: "10.0.0.254" });
      expect(renewed.around.options.map(([code]) => code)).toEqual([87]);
      // RFC 7341 §6.4. Kea's DHCPv4 server gives the flags of the query back.
      if (four === "kotare") expect(renewed.around.xid).toBe(0);

      // What a client says of its own way is worth nothing. Kea's servers believe it, if it comes so far.
      if (six === "kotare") {
        const lies = vendorOption([60_000, text("lo")], [60_001, ipv6Bytes("2001:db8:7::9")], [60_002, u16(9)]);
        const answer = await client.ask(3, [WISHES], { extra: [lies], ciaddr: "10.0.0.10" });
        expect(read(answer.inside)).toMatchObject({ type: 5, address: "10.0.0.10" });
      }

      expect(read(await client.bind({ relays: [relay] }))).toMatchObject({ type: 5, address: "10.1.0.10" });
      const { around } = await client.ask(3, [], { relays: [relay], ciaddr: "10.1.0.10" });
      expect(around.relays).toEqual([{ ...relay, type: 13 }]);

      // What a client says of its own way is one more.
      const requests = six === "kotare" ? 5 : 4;
      const counted = async (family: 4 | 6, names: readonly string[]) => {
        const { arguments: all } = JSON.parse(await sendCommand(socketOf(family), "statistic-get-all"));
        return names.map((name) => all[name][0][0]);
      };
      const tunnelled = await counted(6, ["pkt6-dhcpv4-query-received", "pkt6-dhcpv4-response-sent"]);
      expect(tunnelled).toEqual([2 + requests, 2 + requests]);
      expect(await counted(4, ["pkt4-discover-received", "pkt4-request-received", "pkt4-ack-sent"])).toEqual([
        2,
        requests,
        requests,
      ]);

      const isOurs = six === "kotare" && four === "kotare";
      if (isOurs) expect(new Set(await client.bindMany(1000)).size).toBe(1000);
      if (isOurs && isThorough) {
        // Its socket has room for a second of a thousand exchanges.
        server4.program.signal("SIGSTOP");
        client.flood(5000);
        await vi.waitFor(async () => {
          const [passed] = await counted(6, ["pkt6-dhcpv4-query-received"]);
          expect(passed).toBeGreaterThan(6000);
        }, 20_000);
        server4.program.signal("SIGCONT");
        await server4.program.waitFor(/\d+ packets were lost before they could be read/);
      }
    },
  );
});
