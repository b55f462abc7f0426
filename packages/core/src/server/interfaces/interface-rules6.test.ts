import type { Interface } from "@kotare/netio/interfaces/interface";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { InterfacesConfig6 } from "../../config/dhcp6-config.ts";
import { dhcp6Family } from "../../config/dhcp6-family.ts";
import { parseInside } from "../../config/testing/parse-inside.ts";
import { formatIpv6Key, type Ipv6Key, parseIpv6Key, toIpv6 } from "../../ip/ipv6-key.ts";
import { RecordingLogger } from "../../log/testing/recording-logger.ts";
import { defineServerMessages } from "../messages.ts";
import { interfaceRules6 } from "./interface-rules6.ts";
import { ServedInterfaces } from "./served-interfaces.ts";

const server = defineServerMessages("dhcp6", 6);
const ip6 = (text: string) => parseIpv6Key(text)!;

/** An interface `eth<index>` that is up; addresses that end in `?` are tentative. */
function link(index: number, addresses: readonly string[], change: Partial<Interface> = {}): Interface {
  return {
    index,
    name: `eth${index}`,
    up: true,
    running: true,
    loopback: false,
    broadcast: true,
    multicast: true,
    mtu: 1500,
    type: 1,
    mac: Uint8Array.of(2, 0, 0, 0, 0, index),
    master: undefined,
    vlan: undefined,
    ipv4: [],
    ipv6: addresses.map((text) => ({
      address: toIpv6(ip6(text.replace("?", ""))),
      prefixLength: 64,
      tentative: text.endsWith("?"),
    })),
    ...change,
  };
}

let log: RecordingLogger;
let claims: string[];
let interfaces: ServedInterfaces<Ipv6Key, InterfacesConfig6>;

function serve(...names: string[]): void {
  const config = parseInside(dhcp6Family, { "interfaces-config": { interfaces: names } })["interfaces-config"];
  const claim = ({ name }: { name: string }) => {
    claims.push(`+${name}`);
    return { [Symbol.dispose]: () => claims.push(`-${name}`) };
  };
  interfaces = new ServedInterfaces(interfaceRules6, config, claim, log, server, () => {});
}

const present = (...links: readonly Interface[]) => interfaces.update(new Map(links.map((each) => [each.index, each])));
const addressesOf = (index: number) => interfaces.get(index)?.addresses.map(formatIpv6Key);

beforeEach(() => {
  log = new RecordingLogger();
  claims = [];
});

afterEach(() => interfaces[Symbol.dispose]());

describe("DHCPv6 is served", () => {
  it("by the link-local address first, whatever the kernel's order", () => {
    serve("eth1");
    present(link(1, ["2001:db8::1", "fe80::1", "2001:db8::2"]));
    expect(addressesOf(1)).toEqual(["fe80::1", "2001:db8::1", "2001:db8::2"]);
  });

  it("with an address of its own named: at the others too, and before that one is there", () => {
    serve("eth1", "eth1/2001:db8::7");
    present(link(1, ["fe80::1"]));
    expect(interfaces.isComplete).toBe(true);
    present(link(1, ["fe80::1", "2001:db8::7"]));
    expect(addressesOf(1)).toEqual(["fe80::1", "2001:db8::7"]);
  });

  it("on a tunnel, which is no Ethernet", () => {
    serve("eth1");
    present(link(1, ["fe80::1"], { type: 65534 }));
    expect(interfaces.isComplete).toBe(true);
  });

  it("with * on all but the loopback and what has no IPv6", () => {
    serve("*");
    present(link(1, ["fe80::1"]), link(2, []), link(9, ["::1"], { name: "lo", loopback: true }));
    expect(claims).toEqual(["+eth1"]);
    expect(interfaces.isComplete).toBe(true);
  });

  it("on the loopback when that is named", () => {
    serve("lo");
    present(link(9, ["::1"], { name: "lo", loopback: true }));
    expect(addressesOf(9)).toEqual(["::1"]);
  });
});

describe("an interface is waited for that", () => {
  it.each<[string, readonly string[], string]>([
    ["has its link-local address for testing only, to which Kea gives up", ["fe80::1?"], "is tentative still"],
    ["has no link-local address", ["2001:db8::1"], "it has no link-local address"],
    ["has no IPv6 at all", [], "it has no IPv6 address"],
  ])("%s", (_, before, why) => {
    serve("eth1");
    present(link(1, before));
    expect(interfaces.isServing).toBe(false);
    expect(interfaces.describe()).toContain(why);
    expect(log.lines.filter((line) => line.startsWith("DHCP6_NOT_SERVING "))).toHaveLength(1);
    present(link(1, ["fe80::1"]));
    expect(interfaces.isComplete).toBe(true);
  });
});

describe("a change of addresses", () => {
  beforeEach(() => {
    serve("eth1");
    present(link(1, ["fe80::1", "2001:db8::1"]));
  });

  it("leaves the sockets alone: temporary addresses come and go all day", () => {
    present(link(1, ["fe80::1", "2001:db8::2", "2001:db8::3?"]));
    expect(claims).toEqual(["+eth1"]);
    expect(addressesOf(1)).toEqual(["fe80::1", "2001:db8::2"]);
    expect([interfaces.has(ip6("2001:db8::1")), interfaces.has(ip6("2001:db8::2"))]).toEqual([false, true]);
  });

  it("that takes the link-local one away ends service there", () => {
    present(link(1, ["2001:db8::1"]));
    expect(claims).toEqual(["+eth1", "-eth1"]);
  });
});
