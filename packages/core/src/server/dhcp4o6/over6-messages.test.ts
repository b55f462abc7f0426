import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecodeError } from "../../base/decode-error.ts";
import { formatHex, parseHex } from "../../base/hex.ts";
import { runs } from "../../base/testing/runs.ts";
import { MessageType6 } from "../../dhcp6/message-type6.ts";
import { Message6 } from "../../dhcp6/message6.ts";
import { parseIpv6Key } from "../../ip/ipv6-key.ts";
import { encodeOver6Query, encodeOver6Reply, encodeOver6Response, readOver6 } from "./over6-messages.ts";

const WAY = { interfaceName: "s0", source: parseIpv6Key("fe80::3447")!, sourcePort: 546 };
/** What Kea's two servers say to each other: the way, and a DHCPv4 message of three bytes. */
const WAY_OPTION = `0011 0024 000009bf ea60 0002 7330 ea61 0010 fe80${"00".repeat(12)}3447 ea62 0002 0222`;
const MESSAGE = "0057 0003 010203";
const RELAY = (type: string) => `${type}00 ${"11".repeat(16)} ${"22".repeat(16)}`;

const bytes = (text: string) => parseHex(text.replaceAll(" ", ""))!;
const message = (text: string) => new Message6(bytes(text));
const hex = (value: Uint8Array | undefined) => value && formatHex(value, "");

function passedOn(query: string, limit = 1000): string | undefined {
  const buffer = new Uint8Array(1000);
  const length = encodeOver6Query(message(query), WAY, buffer, 0, limit);
  return length === undefined ? undefined : hex(buffer.subarray(0, length));
}

function passedBack(response: string): string | undefined {
  const buffer = new Uint8Array(1000);
  return hex(buffer.subarray(0, encodeOver6Reply(message(response), buffer, 0, 1000)));
}

const plain = (text: string) => text.replaceAll(" ", "");

describe("a query on its way to the DHCPv4 server (RFC 7341 §10)", () => {
  it("carries its way as Kea writes it", () => {
    expect(passedOn(`14 800000 ${MESSAGE}`)).toBe(plain(`14 800000 ${WAY_OPTION} ${MESSAGE}`));
  });

  it("keeps its relays with their options", () => {
    const inner = `14 000000 ${MESSAGE}`;
    const out = `14 000000 ${WAY_OPTION} ${MESSAGE}`;
    const length = (text: string) => (plain(text).length / 2).toString(16).padStart(4, "0");
    const around = (text: string) => `${RELAY("0c")} 0012 0002 7037 0009 ${length(text)} ${text}`;
    expect(passedOn(around(inner))).toBe(plain(around(out)));
  });

  it("loses what its client says of a way, and nothing else", () => {
    const lie = "0011 000f 000009bf ea60 0001 41 0007 0002 4142";
    const other = "0011 0005 00000009 41";
    const kept = WAY_OPTION.replace("0024 000009bf", "002a 000009bf 0007 0002 4142");
    expect(passedOn(`14 000000 ${lie} ${other} ${MESSAGE}`)).toBe(plain(`14 000000 ${other} ${kept} ${MESSAGE}`));
  });

  it("loses an option 17 that is broken", () => {
    expect(passedOn(`14 000000 0011 0002 0000 ${MESSAGE}`)).toBe(plain(`14 000000 ${WAY_OPTION} ${MESSAGE}`));
  });

  it("goes nowhere if it has no room", () => {
    expect(passedOn(`14 000000 ${MESSAGE}`, 50)).toBeUndefined();
  });
});

describe("what the DHCPv4 server reads", () => {
  const read = (text: string) => readOver6(message(text), MessageType6.DHCPV4_QUERY);

  it("is the message and its way", () => {
    const { way, payload } = read(`14 000000 ${WAY_OPTION} ${MESSAGE}`);
    expect([way, hex(payload)]).toEqual([WAY, "010203"]);
  });

  it("is the last of a way that is said twice", () => {
    const first = "0011 000c 000009bf ea60 0004 65766900";
    expect(read(`14 000000 ${first} ${WAY_OPTION} ${MESSAGE}`).way).toEqual(WAY);
  });

  it.each([
    ["another type", `15 000000 ${WAY_OPTION} ${MESSAGE}`, "type at offset 0: is 21, expected 20"],
    ["no message", `14 000000 ${WAY_OPTION}`, "option 87 at offset 0: is there 0 times, expected once (RFC 7341 §9)"],
    ["two messages", `14 000000 ${WAY_OPTION} ${MESSAGE} ${MESSAGE}`, "is there 2 times"],
    ["no way", `14 000000 ${MESSAGE}`, "does not say by which interface, address and port it came"],
    [
      "a way without a port",
      `14 000000 ${WAY_OPTION.replace("0024", "001e").replace(" ea62 0002 0222", "")} ${MESSAGE}`,
      "does not say",
    ],
    ["a short address", `14 000000 0011 000f 000009bf ea60 0001 41 ea61 0002 0000 ${MESSAGE}`, "does not say"],
  ])("refuses %s", (_, text, error) => {
    expect(() => read(text)).toThrow(DecodeError);
    expect(() => read(text)).toThrow(error);
  });
});

describe("the answer", () => {
  it("of the DHCPv4 server has the way and no flag (RFC 7341 §6.4)", () => {
    const response = encodeOver6Response(message(`14 800000 ${WAY_OPTION} ${MESSAGE}`), WAY, bytes("0405"));
    expect(hex(response)).toBe(plain(`15 000000 ${WAY_OPTION} 0057 0002 0405`));
  });

  it("of the DHCPv4 server that is too long is none", () => {
    expect(
      encodeOver6Response(message(`14 000000 ${WAY_OPTION} ${MESSAGE}`), WAY, new Uint8Array(65_000)),
    ).toBeUndefined();
  });

  it("gets to the client without the way", () => {
    expect(passedBack(`15 000000 ${WAY_OPTION} 0057 0002 0405`)).toBe(plain("15 000000 0057 0002 0405"));
  });

  it("keeps what the DHCPv4 server says else in Kea's option 17", () => {
    const more = WAY_OPTION.replace("0024 000009bf", "0029 000009bf 0007 0001 41");
    const left = "0011 0009 000009bf 0007 0001 41";
    expect(passedBack(`15 000000 ${more} 0057 0001 04`)).toBe(plain(`15 000000 ${left} 0057 0001 04`));
  });

  it("goes through the relays that the query came through (RFC 8415 §19.3)", () => {
    const inner = `14 000000 ${WAY_OPTION} ${MESSAGE}`;
    const query = `${RELAY("0c")} 0012 0002 7037 0025 0001 00 0009 ${(plain(inner).length / 2).toString(16).padStart(4, "0")} ${inner}`;
    const response = encodeOver6Response(message(query), WAY, bytes("04"));
    const carried = "15 000000 0057 0001 04";
    expect(passedBack(hex(response)!)).toBe(plain(`${RELAY("0d")} 0012 0002 7037 0009 0009 ${carried}`));
  });
});

describe("of any bytes, also within relays", () => {
  const inner = `${WAY_OPTION} 0011 0009 000009bf 0007 0001 41 ${MESSAGE}`;
  const carried = (type: string) => `${type} 000000 ${inner}`;
  const length = (plain(carried("14")).length / 2).toString(16).padStart(4, "0");
  const relayed = (outer: string, type: string) => `${RELAY(outer)} 0012 0002 7037 0009 ${length} ${carried(type)}`;
  const buffer = new Uint8Array(1000);

  it.each<[string, string, (message: Message6) => unknown]>([
    ["a client's query is passed on", "14", (query) => encodeOver6Query(query, WAY, buffer, 0, 1000)],
    ["what the DHCPv6 server says is read", "14", (query) => readOver6(query, MessageType6.DHCPV4_QUERY)],
    ["what the DHCPv4 server says is read", "15", (response) => readOver6(response, MessageType6.DHCPV4_RESPONSE)],
    ["it is passed back", "15", (response) => encodeOver6Reply(response, buffer, 0, 1000)],
  ])("%s, or is a DecodeError", (_, type, work) => {
    const corpus = [carried(type), relayed(type === "14" ? "0c" : "0d", type)].map(bytes);
    const change = fc.tuple(fc.nat(999), fc.nat(255));
    fc.assert(
      fc.property(
        fc.constantFrom(...corpus),
        fc.array(change, { maxLength: 4 }),
        fc.nat(999),
        (whole, changes, left) => {
          const mutated = whole.slice(0, left < 500 ? whole.length : (left * whole.length) / 1000);
          for (const [at, value] of changes) mutated[Math.floor((at * mutated.length) / 1000)] = value;
          try {
            work(new Message6(mutated));
          } catch (error) {
            expect(error).toBeInstanceOf(DecodeError);
          }
        },
      ),
      { numRuns: runs(300) },
    );
  });
});
