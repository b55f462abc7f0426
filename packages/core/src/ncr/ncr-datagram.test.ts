import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DecodeError } from "../base/decode-error.ts";
import { formatHex } from "../base/hex.ts";
import { runs } from "../base/testing/runs.ts";
import {
  CONFLICT_RESOLUTION_MODES,
  type ConflictResolutionMode,
  type NameChangeRequest,
} from "./name-change-request.ts";
import {
  decodeConfirmation,
  decodeRequest,
  encodeConfirmations,
  encodeRequest,
  encodeRequests,
  formatRequest,
  splitRequests,
} from "./ncr-datagram.ts";

const DHCID = "000001146E5C0F9DBA9C6F2A2C0A8B5C29E1F8E6F7D1A2B3C4D5E6F708192A3B4C5D6E";

/** As kea-dhcp4 2.6.3 sends it. */
const KEA_2_6 =
  '{"change-type":0,"forward-change":true,"reverse-change":true,"fqdn":"h.example.","ip-address":"10.0.0.21",' +
  `"dhcid":"${DHCID}","lease-expires-on":"20261124061149","lease-length":2400,` +
  '"conflict-resolution-mode":"check-with-dhcid"}';
/** Kea from 3.1.6 on does not say when the lease ends. */
const KEA_3 = KEA_2_6.replace('"lease-expires-on":"20261124061149",', "");

const request: NameChangeRequest = {
  change: "add",
  forward: true,
  reverse: true,
  fqdn: "h.example.",
  address: "10.0.0.21",
  dhcid: DHCID.toLowerCase(),
  ttl: 2400,
  conflictResolutionMode: "check-with-dhcid",
};
const NOW = Date.UTC(2026, 10, 24, 5, 31, 49) / 1000;

function frame(text: string): Uint8Array {
  const body = Buffer.from(text);
  return Buffer.concat([Uint8Array.of(body.length >> 8, body.length), body]);
}

/** A good request with some keys replaced; `undefined` takes one out. */
function altered(change: Record<string, unknown>): Uint8Array {
  return frame(JSON.stringify({ ...JSON.parse(KEA_2_6), ...change }));
}

describe("requests", () => {
  test("Kea 2.6's bytes are ours", () => {
    expect(formatHex(encodeRequest(request, NOW))).toBe(formatHex(frame(KEA_2_6)));
    expect(decodeRequest(frame(KEA_2_6))).toEqual(request);
  });

  test("Kea 3's, which lack the time of expiry, are read alike", () => {
    expect(decodeRequest(frame(KEA_3))).toEqual(decodeRequest(frame(KEA_2_6)));
  });

  test("are JSON as JSON.stringify would write it, whatever the name", () => {
    const text = formatRequest({ ...request, fqdn: '\\"h\\\\.example.', confirm: 7 }, NOW);
    expect(JSON.stringify(JSON.parse(text))).toBe(text);
    expect(JSON.parse(text)).toMatchObject({ fqdn: '\\"h\\\\.example.', confirm: 7 });
  });

  test("the key that asks for a confirmation comes last", () => {
    const bytes = encodeRequest({ ...request, confirm: 281_474_976_710_655 }, NOW);
    const expected = frame(KEA_2_6.replace(/}$/, ',"confirm":281474976710655}'));
    expect(formatHex(bytes)).toBe(formatHex(expected));
    expect(decodeRequest(bytes).confirm).toBe(281_474_976_710_655);
  });

  test.each<readonly [Record<string, unknown>, ConflictResolutionMode]>([
    [{ "conflict-resolution-mode": undefined }, "check-with-dhcid"],
    [{ "conflict-resolution-mode": undefined, "use-conflict-resolution": true }, "check-with-dhcid"],
    [{ "conflict-resolution-mode": undefined, "use-conflict-resolution": false }, "no-check-with-dhcid"],
    [{ "use-conflict-resolution": false }, "check-with-dhcid"],
    ...CONFLICT_RESOLUTION_MODES.map((mode) => [{ "conflict-resolution-mode": mode }, mode] as const),
  ])("%j asks for %s", (change, mode) => {
    expect(decodeRequest(altered(change)).conflictResolutionMode).toBe(mode);
  });

  test.each([
    ["2001:DB8:0::1", "2001:db8::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["192.0.2.1", "192.0.2.1"],
  ])("address %s is %s", (written, meant) => {
    expect(decodeRequest(altered({ "ip-address": written })).address).toBe(meant);
  });

  test("a name without its last dot is absolute all the same", () => {
    expect(decodeRequest(altered({ fqdn: "H.Example" })).fqdn).toBe("H.Example.");
  });
});

describe("what is no request says where and why", () => {
  test.each([
    ["length at offset 0: is missing", Uint8Array.of()],
    ["length at offset 0: is missing", Uint8Array.of(1)],
    ["length at offset 0: says 289 bytes, and 288 follow", frame(KEA_2_6).subarray(0, -1)],
    ["length at offset 0: says 289 bytes, and 290 follow", Buffer.concat([frame(KEA_2_6), Uint8Array.of(32)])],
    ["JSON at offset 2: is no map", frame("[]")],
    ["JSON at offset 2: is no map", frame("null")],
    ["JSON at offset 2: Unexpected end", frame("")],
    ["JSON at offset 2: ", frame("[".repeat(65_000))],
    ["change-type at offset 3: is neither 0 (add) nor 1 (remove)", altered({ "change-type": 2 })],
    ['change-type at offset 3: "0" is no whole number', altered({ "change-type": "0" })],
    ["change-type at offset 2: is missing", altered({ "change-type": undefined })],
    ["forward-change at offset 19: 1 is neither true nor false", altered({ "forward-change": 1 })],
    ["both false: nothing is asked for", altered({ "forward-change": false, "reverse-change": false })],
    ["has an empty label", altered({ fqdn: "" })],
    ["is the root", altered({ fqdn: "." })],
    ["has a label of 64 bytes", altered({ fqdn: `${"a".repeat(64)}.example.` })],
    ["takes 257 bytes: a name has at most 255", altered({ fqdn: `${"a.".repeat(128)}` })],
    ["fqdn at offset 63: 7 is no text", altered({ fqdn: 7 })],
    ['"10.0.0.256" is no IP address', altered({ "ip-address": "10.0.0.256" })],
    ['"fe80::1%eth0" is no IP address', altered({ "ip-address": "fe80::1%eth0" })],
    ['"0" is not pairs of hexadecimal digits', altered({ dhcid: "0" })],
    ["is not pairs of hexadecimal digits", altered({ dhcid: "00:01:02:03" })],
    ["has 34 bytes, and RFC 4701 makes 35", altered({ dhcid: DHCID.slice(2) })],
    ["has 30000 bytes, and RFC 4701 makes 35", altered({ dhcid: "00".repeat(30_000) })],
    ["-1 is no whole number from 0 to 4294967295", altered({ "lease-length": -1 })],
    ["1.5 is no whole number", altered({ "lease-length": 1.5 })],
    ["a map is no whole number", altered({ "lease-length": {} })],
    ['"no" is no such mode', altered({ "conflict-resolution-mode": "no" })],
    ['"1" is no whole number', altered({ confirm: "1" })],
  ])("%s", (message, datagram) => {
    expect(() => decodeRequest(datagram)).toThrow(DecodeError);
    expect(() => decodeRequest(datagram)).toThrow(message);
  });

  test("any bytes, and any JSON, give a request or an error of the peer's", () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    const json = fc.json().map(frame);
    const key = fc.constantFrom(...Object.keys(JSON.parse(KEA_2_6)), "confirm", "use-conflict-resolution", "__proto__");
    const near = fc.tuple(key, fc.jsonValue()).map(([name, value]) => altered({ [name]: value }));
    fc.assert(
      fc.property(fc.oneof(bytes, json, near), (datagram) => {
        try {
          const decoded = decodeRequest(datagram);
          expect(decodeRequest(encodeRequest(decoded, NOW))).toEqual(decoded);
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: runs(500) },
    );
  });
});

describe("confirmations", () => {
  test("come in datagrams that fit a link, and read as they were written", () => {
    const numbers = Array.from({ length: 200 }, (_, i) => Number.MAX_SAFE_INTEGER - i);
    const datagrams = encodeConfirmations(numbers);
    expect(datagrams.flatMap(decodeConfirmation)).toEqual(numbers);
    for (const datagram of datagrams) expect(datagram.length).toBeLessThanOrEqual(1232);
    expect(formatHex(encodeConfirmations([1, 2])[0]!)).toBe(formatHex(frame('{"confirmed":[1,2]}')));
    expect(encodeConfirmations([])).toEqual([]);
  });

  test.each(['{"confirmed":1}', '{"confirmed":["1"]}', '{"confirmed":[-1]}', "{}", "7"])("%s is none", (text) => {
    expect(() => decodeConfirmation(frame(text))).toThrow(DecodeError);
  });
});

describe("several requests in one datagram", () => {
  const one = frame(KEA_2_6);

  test("are split, whatever is in them", () => {
    const empty = Uint8Array.of(0, 0);
    expect(splitRequests(Buffer.concat([one, empty, one])).map(formatBytes)).toEqual(
      [one, empty, one].map(formatBytes),
    );
    expect(splitRequests(one).map(formatBytes)).toEqual([formatBytes(one)]);
  });

  test("are as many as fit, and one at least", () => {
    const text = formatRequest({ ...request, fqdn: "hôte.example." }, NOW);
    const { length } = frame(text);
    const sizes = (most: number) => encodeRequests([text, text, text], most).map((datagram) => datagram.length);
    expect(sizes(2 * length)).toEqual([2 * length, length]);
    expect(sizes(2 * length - 1)).toEqual([length, length, length]);
    expect(sizes(1)).toEqual([length, length, length]);
    const [together] = encodeRequests([text, KEA_2_6], 10 * length);
    expect(splitRequests(together!).map(formatBytes)).toEqual([text, KEA_2_6].map((each) => formatBytes(frame(each))));
    expect(encodeRequests([], 1)).toEqual([]);
  });

  test.each([
    ["length at offset 0: is missing", new Uint8Array(0)],
    ["length at offset 0: says 5 bytes, and 1 follow", Uint8Array.of(0, 5, 1)],
    [`length at offset ${one.length}: is missing`, Buffer.concat([one, Uint8Array.of(0)])],
  ])("%s", (message, datagram) => {
    expect(() => splitRequests(datagram)).toThrow(message);
  });
});

function formatBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
