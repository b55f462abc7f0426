import type { Interface } from "@kotare/netio/interfaces/interface";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { InterfacesConfig } from "../../config/dhcp4-config.ts";
import { dhcp4Family } from "../../config/dhcp4-family.ts";
import { parseInside } from "../../config/testing/parse-inside.ts";
import { type Ipv4, parseIpv4 } from "../../ip/ipv4.ts";
import { RecordingLogger } from "../../log/testing/recording-logger.ts";
import { defineServerMessages } from "../messages.ts";
import { interfaceRules4 } from "./interface-rules4.ts";
import { type ServedInterface, ServedInterfaces } from "./served-interfaces.ts";

const server = defineServerMessages("dhcp4", 4);

const LOOPBACK_TYPE = 772;

/** An Ethernet interface `eth<index>` that is up, with one address. */
function link(index: number, change: Partial<Interface> = {}): Interface {
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
    ipv4: addresses(`192.0.${index}.1`),
    ipv6: [],
    ...change,
  };
}

function addresses(...texts: string[]): Interface["ipv4"] {
  return texts.map((text) => ({ address: parseIpv4(text)!, prefixLength: 24 }));
}

const lo = link(9, { name: "lo", loopback: true, type: LOOPBACK_TYPE, ipv4: addresses("127.0.0.1") });

/** Names of interfaces whose port somebody else has. */
let busy: Map<string, string>;
/** What is held now, and everything that has been done, in order. */
let held: Set<string>;
let events: string[];
let log: RecordingLogger;
let interfaces: ServedInterfaces<Ipv4, InterfacesConfig>;
let changes: number;

function claim({ name }: ServedInterface<Ipv4>) {
  const error = busy.get(name);
  if (error !== undefined) throw new Error(error);
  expect(held.has(name)).toBe(false);
  held.add(name);
  events.push(`+${name}`);
  return {
    [Symbol.dispose]() {
      held.delete(name);
      events.push(`-${name}`);
    },
  };
}

function configOf(names: readonly string[], more: object = {}) {
  return parseInside(dhcp4Family, { "interfaces-config": { interfaces: names, ...more } })["interfaces-config"];
}

function serve(names: readonly string[], more: object = {}): void {
  interfaces = new ServedInterfaces(interfaceRules4, configOf(names, more), claim, log, server, () => {
    changes += 1;
  });
}

function present(...links: readonly Interface[]): void {
  interfaces.update(new Map(links.map((each) => [each.index, each])));
}

const logged = (id: string) => log.lines.filter((line) => line.startsWith(`${id} `));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  busy = new Map();
  held = new Set();
  events = [];
  log = new RecordingLogger();
  changes = 0;
});

afterEach(() => {
  interfaces[Symbol.dispose]();
  expect(held.size).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe("interfaces: all of Kea's notations", () => {
  it("a name serves the interface at all of its addresses", () => {
    serve(["eth1"]);
    present(link(1, { ipv4: addresses("192.0.1.1", "192.0.1.2") }), link(2));
    expect(interfaces.get(1)?.addresses).toEqual([parseIpv4("192.0.1.1"), parseIpv4("192.0.1.2")]);
    expect(interfaces.get(2)).toBeUndefined();
    expect(interfaces.has(parseIpv4("192.0.1.2")!)).toBe(true);
    expect(interfaces.has(parseIpv4("192.0.2.1")!)).toBe(false);
  });

  it("a name with an address serves it there only", () => {
    serve(["eth1/192.0.1.2"]);
    present(link(1, { ipv4: addresses("192.0.1.1", "192.0.1.2") }));
    expect(interfaces.get(1)?.addresses).toEqual([parseIpv4("192.0.1.2")]);
  });

  it("several addresses of one interface may be named, with the socket type udp", () => {
    serve(["eth1/192.0.1.2", "eth1/192.0.1.3"], { "dhcp-socket-type": "udp" });
    present(link(1, { ipv4: addresses("192.0.1.1", "192.0.1.2", "192.0.1.3") }));
    expect(interfaces.get(1)?.addresses).toEqual([parseIpv4("192.0.1.2"), parseIpv4("192.0.1.3")]);
  });

  it("* serves all that have an address, without the loopback, and says nothing of the others", () => {
    serve(["*"]);
    present(lo, link(1), link(2), link(3, { ipv4: [] }), link(4, { type: LOOPBACK_TYPE }));
    expect([...held]).toEqual(["eth1", "eth2"]);
    expect(interfaces.isComplete).toBe(true);
    expect(interfaces.describe()).toBe("eth1 eth2");
  });

  it("* with a name and an address serves that one there only", () => {
    serve(["*", "eth2/192.0.2.2"]);
    present(link(1), link(2, { ipv4: addresses("192.0.2.1", "192.0.2.2") }));
    expect(interfaces.get(2)?.addresses).toEqual([parseIpv4("192.0.2.2")]);
    expect(interfaces.get(1)).toBeDefined();
  });

  it("an empty list serves nobody and says so, once (row 6)", () => {
    serve([]);
    present(link(1));
    present(link(1), link(2));
    expect(interfaces.isServing).toBe(false);
    expect(interfaces.isComplete).toBe(false);
    expect(logged("DHCP4_NOT_SERVING")).toHaveLength(1);
  });

  it("a VLAN interface is one like any other", () => {
    serve(["eth1.7"]);
    present(link(1), link(2, { name: "eth1.7", vlan: { id: 7, parent: 1 } }));
    expect([...held]).toEqual(["eth1.7"]);
  });

  it("the loopback is not Ethernet: raw refuses it and says what serves it, udp takes it", () => {
    serve(["lo"]);
    present(lo);
    expect(interfaces.describe()).toBe(
      'no interface; not lo: it is not Ethernet: "dhcp-socket-type": "udp" may serve it',
    );
    interfaces.configure(configOf(["lo"], { "dhcp-socket-type": "udp" }));
    expect(interfaces.describe()).toBe("lo");
  });

  it("* with udp also takes what is not Ethernet", () => {
    serve(["*"], { "dhcp-socket-type": "udp" });
    present(lo, link(4, { type: 512 }));
    expect([...held]).toEqual(["eth4"]);
  });
});

describe("rows 1, 2, 3: an interface that is not there yet, or not any more", () => {
  it.each<[string, Interface | undefined, string]>([
    ["missing", undefined, "it does not exist (yet)"],
    ["down", link(1, { up: false, running: false }), "it is down"],
    ["without a carrier", link(1, { running: false }), "it has no carrier"],
    ["without an address", link(1, { ipv4: [] }), "it has no IPv4 address"],
  ])("%s: said loudly, and served as soon as that is over", (_, before, why) => {
    serve(["eth1"]);
    present(...(before === undefined ? [] : [before]));
    expect(interfaces.isServing).toBe(false);
    expect(interfaces.describe()).toBe(`no interface; not eth1: ${why}`);
    expect(logged("DHCP4_SOCKET_LOST")).toEqual([`DHCP4_SOCKET_LOST not serving interface eth1: ${why}`]);
    expect(logged("DHCP4_NOT_SERVING")).toHaveLength(1);
    present(link(1));
    expect(interfaces.describe()).toBe("eth1");
    expect(logged("DHCP4_OPEN_SOCKET")).toEqual(["DHCP4_OPEN_SOCKET serving interface eth1 at 192.0.1.1"]);
  });

  it("the configured address is missing", () => {
    serve(["eth1/192.0.1.7"]);
    present(link(1));
    expect(interfaces.describe()).toBe("no interface; not eth1: it does not have the address 192.0.1.7");
    present(link(1, { ipv4: addresses("192.0.1.1", "192.0.1.7") }));
    expect(interfaces.isComplete).toBe(true);
  });

  it("goes down and comes back, without touching the others", () => {
    serve(["eth1", "eth2"]);
    present(link(1), link(2));
    present(link(1), link(2, { up: false }));
    expect(interfaces.get(2)).toBeUndefined();
    expect(interfaces.isServing).toBe(true);
    expect(interfaces.isComplete).toBe(false);
    present(link(1), link(2));
    expect(events).toEqual(["+eth1", "+eth2", "-eth2", "+eth2"]);
    expect(logged("DHCP4_NOT_SERVING")).toEqual([]);
  });

  it("the last one goes while another has never come: nobody is served, and the log says so", () => {
    serve(["eth1", "eth2"]);
    present(link(1));
    expect(logged("DHCP4_NOT_SERVING")).toEqual([]);
    present(link(1, { up: false }));
    expect(logged("DHCP4_NOT_SERVING")).toHaveLength(1);
    present(link(1));
    present();
    expect(logged("DHCP4_NOT_SERVING")).toHaveLength(2);
  });

  it("the same reason is said once, another reason again", () => {
    serve(["eth1"]);
    present();
    present(link(2));
    present(link(1, { up: false }));
    expect(logged("DHCP4_SOCKET_LOST")).toHaveLength(2);
  });

  it("comes back with another index", () => {
    serve(["eth1"]);
    present(link(1));
    present(link(5, { name: "eth1" }));
    expect([interfaces.get(1), interfaces.get(5)?.name]).toEqual([undefined, "eth1"]);
    expect([...held]).toEqual(["eth1"]);
  });

  it("gets another name and is no longer the one we serve", () => {
    serve(["eth1"]);
    present(link(1));
    present(link(1, { name: "wan" }));
    expect(interfaces.get(1)).toBeUndefined();
  });
});

describe("a change", () => {
  beforeEach(() => {
    serve(["eth1"]);
    present(link(1));
    events = [];
  });

  it("of the address opens the sockets anew", () => {
    present(link(1, { ipv4: addresses("192.0.1.99") }));
    expect(events).toEqual(["-eth1", "+eth1"]);
    expect(interfaces.has(parseIpv4("192.0.1.1")!)).toBe(false);
    expect(interfaces.has(parseIpv4("192.0.1.99")!)).toBe(true);
  });

  it("of the MTU is followed without touching the sockets", () => {
    present(link(1, { mtu: 9000 }));
    expect(events).toEqual([]);
    expect(interfaces.get(1)?.mtu).toBe(9000);
  });

  it("of nothing that we look at changes nothing", () => {
    present(link(1), link(2));
    expect(events).toEqual([]);
  });

  it("is told on, for the status line", () => {
    changes = 0;
    present(link(1, { up: false }));
    expect(changes).toBe(1);
  });

  it("of the configuration keeps what is still wanted", () => {
    present(link(1), link(2));
    interfaces.configure(configOf(["eth2", "eth1"]));
    expect(events).toEqual(["+eth2"]);
    interfaces.configure(configOf(["eth2"]));
    expect(events).toEqual(["+eth2", "-eth1"]);
  });
});

describe("rows 4, 5: a port that somebody else holds", () => {
  const BUSY = "EADDRINUSE: another DHCP server has UDP port 67 there";

  it("is an error that names the interface and says what to do", () => {
    busy.set("eth1", BUSY);
    serve(["eth1"]);
    present(link(1));
    expect(logged("DHCP4_OPEN_SOCKETS_FAILED")).toEqual([
      `DHCP4_OPEN_SOCKETS_FAILED cannot serve interface eth1: ${BUSY}`,
    ]);
    expect(interfaces.describe()).toContain(BUSY);
  });

  it("is tried again for ever with growing pauses, until it is free", () => {
    busy.set("eth1", BUSY);
    serve(["eth1"]);
    present(link(1));
    const tries: number[] = [];
    for (let second = 1; second <= 200; second++) {
      const before = logged("DHCP4_OPEN_SOCKETS_FAILED").length;
      vi.advanceTimersByTime(1000);
      if (logged("DHCP4_OPEN_SOCKETS_FAILED").length > before) tries.push(second);
    }
    expect(tries).toEqual([1, 3, 7, 15, 31, 63, 123, 183]);
    busy.clear();
    vi.advanceTimersByTime(60_000);
    expect(interfaces.isComplete).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("that was free meanwhile is tried again after a short pause", () => {
    busy.set("eth1", BUSY);
    serve(["eth1"]);
    present(link(1));
    vi.advanceTimersByTime(100_000);
    busy.clear();
    vi.advanceTimersByTime(60_000);
    busy.set("eth1", BUSY);
    present();
    present(link(1));
    busy.clear();
    vi.advanceTimersByTime(1000);
    expect(interfaces.isComplete).toBe(true);
  });

  it("of one interface does not disturb the others (ChangeLog 2440)", () => {
    busy.set("eth1", BUSY);
    serve(["eth1", "eth2"]);
    present(link(1), link(2));
    vi.advanceTimersByTime(10_000);
    expect(events).toEqual(["+eth2"]);
    expect(interfaces.isServing).toBe(true);
    expect(interfaces.isComplete).toBe(false);
  });

  it("service-sockets-retry-wait-time and -max-retries are obeyed where they are given", () => {
    busy.set("eth1", BUSY);
    serve(["eth1"], { "service-sockets-max-retries": 2, "service-sockets-retry-wait-time": 500 });
    present(link(1));
    vi.advanceTimersByTime(60_000);
    expect(logged("DHCP4_OPEN_SOCKETS_FAILED")).toHaveLength(3);
    busy.clear();
    present(link(1), link(2));
    expect(interfaces.isComplete).toBe(true);
  });

  it.each([{}, { "service-sockets-max-retries": 1_000_000 }])(
    "a retry-wait-time of 0 is no reason to spin: %j",
    (retries) => {
      busy.set("eth1", BUSY);
      serve(["eth1"], { ...retries, "service-sockets-retry-wait-time": 0 });
      present(link(1));
      vi.advanceTimersByTime(1000);
      expect(logged("DHCP4_OPEN_SOCKETS_FAILED").length).toBeLessThan(15);
    },
  );

  it("changes of other interfaces do not use up the tries", () => {
    busy.set("eth1", BUSY);
    serve(["eth1"], { "service-sockets-max-retries": 2, "service-sockets-retry-wait-time": 500 });
    for (let index = 2; index < 9; index++) present(link(1), link(index));
    busy.clear();
    vi.advanceTimersByTime(500);
    expect(interfaces.isComplete).toBe(true);
  });

  it("a reload tries at once", () => {
    busy.set("eth1", BUSY);
    serve(["eth1"]);
    present(link(1));
    vi.advanceTimersByTime(100_000);
    busy.clear();
    interfaces.configure(configOf(["eth1"]));
    expect(interfaces.isComplete).toBe(true);
  });

  it("after a change of address the interface is not served, rather than served at the old one", () => {
    serve(["eth1"]);
    present(link(1));
    busy.set("eth1", BUSY);
    present(link(1, { ipv4: addresses("192.0.1.99") }));
    expect(interfaces.get(1)).toBeUndefined();
    expect(interfaces.has(parseIpv4("192.0.1.1")!)).toBe(false);
    busy.clear();
    vi.advanceTimersByTime(1000);
    expect(interfaces.get(1)).toBeDefined();
  });
});

it("released it serves nothing and holds nothing, until it is configured again", () => {
  serve(["eth1"]);
  present(link(1));
  interfaces.release();
  expect(held.size).toBe(0);
  expect(interfaces.get(1)).toBeUndefined();
  expect(interfaces.has(parseIpv4("192.0.1.1")!)).toBe(false);
  interfaces.configure(configOf(["eth1"]));
  expect(interfaces.isComplete).toBe(true);
});
