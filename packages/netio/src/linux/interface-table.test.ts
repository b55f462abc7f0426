import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InterfaceTable } from "./interface-table.ts";

/** The machine's own byte order, as the kernel writes. */
function uint32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

function uint16(value: number): Uint8Array {
  return new Uint8Array(Uint16Array.of(value).buffer);
}

function attribute(type: number, ...values: Uint8Array[]): Uint8Array {
  const value = Buffer.concat(values);
  const padding = Buffer.alloc(-value.length & 3);
  return Buffer.concat([uint16(4 + value.length), uint16(type), value, padding]);
}

function message(type: number, flags: number, ...parts: Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts);
  return Buffer.concat([uint32(16 + body.length), uint16(type), uint16(flags), uint32(0), uint32(0), body]);
}

const NEW_LINK = 16;
const DONE = 3;
const ERROR = 2;
const text = (value: string) => Buffer.from(`${value}\0`);

function vlanLink(kind: string): Uint8Array {
  return message(
    NEW_LINK,
    2,
    Uint8Array.of(0, 0),
    uint16(1),
    uint32(7),
    uint32(0x43),
    uint32(0),
    attribute(3, text("eth0.5")),
    attribute(4, uint32(1500)),
    attribute(5, uint32(2)),
    attribute(10, uint32(9)),
    // The flag says that attributes are nested inside.
    attribute(0x8000 | 18, attribute(1, text(kind)), attribute(2, attribute(1, uint16(5)), attribute(2, uint32(1)))),
  );
}

describe("InterfaceTable", () => {
  test("reads a VLAN interface with its id and its parent", () => {
    const table = new InterfaceTable();
    expect(table.read(vlanLink("vlan"))).toBe(false);
    expect(table.read(message(DONE, 2, uint32(0)))).toBe(true);
    expect(table.interrupted).toBe(false);
    expect(table.interfaces.get(7)).toEqual({
      index: 7,
      name: "eth0.5",
      up: true,
      running: true,
      loopback: false,
      broadcast: true,
      multicast: false,
      mtu: 1500,
      type: 1,
      mac: new Uint8Array(0),
      master: 9,
      vlan: { id: 5, parent: 2 },
      ipv4: [],
      ipv6: [],
    });
  });

  test("other kinds of link that have a parent are no VLAN", () => {
    const table = new InterfaceTable();
    table.read(vlanLink("macvlan"));
    expect(table.interfaces.get(7)?.vlan).toBeUndefined();
  });

  test("several messages in one piece are read to the end", () => {
    const table = new InterfaceTable();
    expect(table.read(Buffer.concat([vlanLink("vlan"), message(DONE, 2, uint32(0))]))).toBe(true);
    expect(table.interfaces.size).toBe(1);
  });

  test("notes that a change came in between, and still ends", () => {
    const table = new InterfaceTable();
    expect(table.read(message(DONE, 2 | 0x10, uint32(0)))).toBe(true);
    expect(table.interrupted).toBe(true);
  });

  test("the kernel's error is thrown", () => {
    const refused = message(ERROR, 0, uint32(-1 >>> 0));
    expect(() => new InterfaceTable().read(refused)).toThrow(expect.objectContaining({ code: "EPERM" }));
  });

  test("any bytes are read or refused with an error", () => {
    const whole = Buffer.concat([vlanLink("vlan"), message(20, 2, new Uint8Array(8), attribute(1, uint32(1)))]);
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 6 });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), changes), (input) => {
        const bytes = input instanceof Uint8Array ? input : Buffer.from(whole);
        if (Array.isArray(input)) for (const [at, value] of input) bytes[at] = value;
        try {
          new InterfaceTable().read(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
