import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Interface } from "../interfaces/interface.ts";
import { decodeInterfaces, isAboutInterfaces } from "./routing-message.ts";
import { KERNEL_LAYOUTS, type Kernel } from "./testing/kernel-layouts.ts";
import { encodeInterfaces } from "./testing/routing-bytes.ts";

/** Hexadecimal digits; `00*5` is a zero five times. */
function typed(text: string): Uint8Array {
  const repeated = text.replaceAll(/(..)\*(\d+)/g, (_, byte: string, times: string) => byte.repeat(Number(times)));
  return Buffer.from(repeated.replaceAll(/\s/g, ""), "hex");
}

/**
 * Typed from headers and manual pages: an Ethernet interface `vtn0`, index 3, MTU 1500, flags UP, BROADCAST, RUNNING and
 * MULTICAST, with 192.168.86.3/24 and fe80::1/64, which has the index in it. It checks the encoder of the tests below.
 */
const TYPED: Readonly<Record<Kernel, string>> = {
  // if_msghdr with if_data of 152 bytes, sockaddr_dl of 54 bytes; ifa_msghdr, netmask, address, broadcast address; to 8 bytes.
  freebsd: `
    e000 05 0e  10000000 43800000 0300 0000  06 00 06 0e 02 00 9800 dc050000 00*140
      36 12 0300 06 04 06 00  76746e30 020000000003 00*38
    3c00 05 0c  a4000000 00000000 0300 0000 00000000
      07 02 0000 ffffff 00    10 02 0000 c0a85603 00*8    10 02 0000 c0a856ff 00*8
    5400 05 0c  24000000 00000000 0300 0000 00000000
      1c 1c 0000 00*4 ff*8 00*12 00*4    1c 1c 0000 00*4 fe80 0003 00*11 01 00*4 00*4`,
  // Here and below the link's sockaddr_dl stands in messages about addresses, too. The index comes first in ifa_msghdr.
  netbsd: `
    b000 04 14  10000000 43800000 0300 0000  06 06 0e 00 02000000 dc05000000000000 00*120
      14 12 0300 06 04 06 00  76746e30 020000000003 00*6
    6000 04 16  0300 0000 00000000 b4000000 00000000 00000000 00000000 00000000
      07 02 0000 ffffff 00    14 12 0300 06 04 00 00  76746e30 00*12
      10 02 0000 c0a85603 00*8    10 02 0000 c0a856ff 00*8
    6000 04 16  0300 0000 00000000 24000000 00000000 00000000 00000000 00000000
      1c 18 0000 00*4 ff*8 00*12 00*4    1c 18 0000 00*4 fe80 0003 00*11 01 00*4 00*4`,
  // The header's length, index and routing table come first in both headers.
  openbsd: `
    c800 05 0e  a800 0300 0000 0000  10000000 43800000 00000000  06 06 0e 04 dc050000 00*136
      20 12 0300 06 04 06 00  76746e30 020000000003 00*14
    6000 05 0c  1800 0300 0000 0000  b4000000 00000000 00000000
      07 00 0000 ffffff 00    20 12 0300 06 04 00 00  76746e30 00*20
      10 02 0000 c0a85603 00*8    10 02 0000 c0a856ff 00*8
    5800 05 0c  1800 0300 0000 0000  24000000 00000000 00000000
      1c 18 0000 00*4 ff*8 00*12 00*4    1c 18 0000 00*4 fe80 0003 00*11 01 00*4 00*4`,
  // A netmask whose family and port are all ones, as Macs have them; to 4 bytes.
  macos: `
    8400 05 0e  10000000 43800000 0300 0000  06 00 00 06 0e 00 00 00 dc050000 00*84
      14 12 0300 06 04 06 00  76746e30 020000000003 00*2
    5000 05 0c  b4000000 00000000 0300 0000 00000000
      07 ff ffff ffffff 00    14 12 0300 06 04 00 00  76746e30 00*8
      10 02 0000 c0a85603 00*8    10 02 0000 c0a856ff 00*8
    4c00 05 0c  24000000 00000000 0300 0000 00000000
      1c 1e 0000 00*4 ff*8 00*12    1c 1e 0000 00*4 fe80 0003 00*11 01 00*4`,
};

const VTN0: Interface = {
  index: 3,
  name: "vtn0",
  up: true,
  running: true,
  loopback: false,
  broadcast: true,
  multicast: true,
  mtu: 1500,
  type: 1,
  mac: Uint8Array.of(2, 0, 0, 0, 0, 3),
  master: undefined,
  vlan: undefined,
  ipv4: [{ address: 0xc0a85603, prefixLength: 24 }],
  ipv6: [
    {
      address: Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1),
      prefixLength: 64,
      tentative: false,
    },
  ],
};

const settled = () => false;

const ipv4 = fc.record({ address: fc.nat(0xffffffff), prefixLength: fc.nat(32) });
const ipv6 = fc.record({
  // Not of those that have the number of the interface in them.
  address: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => bytes.fill(0x20, 0, 1)),
  prefixLength: fc.nat(128),
  tentative: fc.constant(false),
});
const links = fc.uniqueArray(
  fc.record({
    index: fc.integer({ min: 1, max: 0xffff }),
    name: fc.stringMatching(/^[a-z]{1,14}[0-9]$/),
    up: fc.boolean(),
    running: fc.boolean(),
    loopback: fc.boolean(),
    broadcast: fc.boolean(),
    multicast: fc.boolean(),
    mtu: fc.nat(65536),
    type: fc.constantFrom(1, 0xffff),
    mac: fc.uint8Array({ maxLength: 8 }),
    master: fc.constant(undefined),
    vlan: fc.constant(undefined),
    ipv4: fc.array(ipv4, { maxLength: 3 }),
    ipv6: fc.array(ipv6, { maxLength: 3 }),
  }),
  { selector: ({ index }) => index, maxLength: 5 },
);

describe.each(Object.keys(KERNEL_LAYOUTS) as Kernel[])("routing messages of %s", (kernel) => {
  const layout = KERNEL_LAYOUTS[kernel];
  const bytes = typed(TYPED[kernel]);

  test("tell of an interface and its addresses", () => {
    expect([...decodeInterfaces(bytes, layout, settled).values()]).toEqual([VTN0]);
  });

  test("tell of any interfaces", () => {
    fc.assert(
      fc.property(links, (expected) => {
        const found = decodeInterfaces(encodeInterfaces(layout, expected), layout, settled);
        expect([...found.values()]).toEqual(expected);
      }),
    );
  });

  test("the kernel is asked whether an address is tentative", () => {
    const asked: unknown[] = [];
    const found = decodeInterfaces(bytes, layout, (...question) => asked.push(question) > 0);
    expect(asked).toEqual([["vtn0", VTN0.ipv6[0]?.address]]);
    expect(found.get(3)?.ipv6[0]?.tentative).toBe(true);
  });

  test("a link without a carrier does not run, where the kernel tells", ({ skip }) => {
    if (layout.interfaceLinkState < 0) skip("it does not tell");
    const runningAt = (state: number) => {
      const changed = Uint8Array.from(bytes);
      changed[layout.interfaceLinkState] = state;
      return decodeInterfaces(changed, layout, settled).get(3)?.running;
    };
    expect([0, 1, layout.linkStateUp].map(runningAt)).toEqual([true, false, true]);
  });

  test("an address of an interface that is not there is left out, and so is an interface without a name", () => {
    const nameless = { ...VTN0, name: "" };
    expect(decodeInterfaces(encodeInterfaces(layout, [nameless]), layout, settled).size).toBe(0);
  });

  test("no length is believed that does not fit", () => {
    const spoil = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 8 });
    fc.assert(
      fc.property(spoil, fc.nat(bytes.length), (changes, end) => {
        const spoilt = Uint8Array.from(bytes);
        for (const [at, value] of changes) spoilt[at] = value;
        try {
          decodeInterfaces(spoilt.slice(0, end), layout, settled);
        } catch (error) {
          expect((error as Error).message).toMatch(/^sysctl\(NET_RT_IFLIST\): message of \d+ bytes$/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("a bell rings for interfaces and addresses, and not for routes", () => {
    const of = (type: number) => {
      const message = new Uint8Array(32);
      message[layout.messageType] = type;
      return isAboutInterfaces(message, layout);
    };
    const { typeInterface, typeNewAddress, typeOldAddress } = layout;
    expect([typeInterface, typeNewAddress, typeOldAddress].map(of)).toEqual([true, true, true]);
    // RTM_ADD, RTM_DELETE, RTM_GET, RTM_MISS.
    expect([1, 2, 4, 7].map(of)).toEqual([false, false, false, false]);
    expect(isAboutInterfaces(new Uint8Array(0), layout)).toBe(false);
  });
});
