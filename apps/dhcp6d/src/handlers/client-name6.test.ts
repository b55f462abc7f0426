import { describe, expect, it } from "vitest";
import { na, option, pd, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

const LAN = { id: 1, subnet: "2001:db8::/64", pools: [{ pool: "2001:db8::10-2001:db8::1f" }] };
const DUID = "00:02:00:00:00:09:00:01";
const RESERVED = { duid: DUID, hostname: "Desk" };

/** RFC 1035 wire form of `example.org.` labels in hexadecimal digits. */
function wire(...labels: string[]): string {
  const bytes = labels.map((label) => [label.length.toString(16).padStart(2, "0"), Buffer.from(label).toString("hex")]);
  return bytes.flat().join("");
}

async function nameOf(payload: string | undefined, reservations: readonly object[], suffix = "example.org") {
  const config = { "ddns-qualifying-suffix": suffix, subnet6: [{ ...LAN, reservations }] };
  const server = await TestServer6.start(config);
  const parts = payload === undefined ? [] : [option(39, payload)];
  const reply = await new TestClient6(server, 1).request(na(1), ...parts);
  const fqdn = reply?.message.option(39);
  return [server.lease("address", "2001:db8::10")!.hostname, fqdn && Buffer.from(fqdn).toString("hex")];
}

const full = (host: string) => `${wire(host, "example", "org")}00`;

describe("RFC 4704: a client's name", () => {
  it.each([
    [
      "that is partial gets our suffix, in small letters",
      `00${wire("Lap")}`,
      [],
      "lap.example.org.",
      `04${full("lap")}`,
    ],
    ["that is complete stays", `00${wire("lap", "test")}00`, [], "lap.test.", `04${wire("lap", "test")}00`],
    [
      "§6: with S is answered with O, for we make no updates",
      `01${wire("lap")}`,
      [],
      "lap.example.org.",
      `06${full("lap")}`,
    ],
    [
      "is the reserved one whatever it calls itself",
      `00${wire("lap")}`,
      [RESERVED],
      "desk.example.org.",
      `04${full("desk")}`,
    ],
    ["is the reserved one when it says none", undefined, [RESERVED], "desk.example.org", undefined],
    ["is none when neither says one", undefined, [], "", undefined],
  ])("%s", async (_, payload, reservations, hostname, fqdn) => {
    expect(await nameOf(payload, reservations)).toEqual([hostname, fqdn]);
  });

  it("is left out when it is too long with our suffix", async () => {
    const suffix = ["b", "c", "d"].map((letter) => letter.repeat(63)).join(".");
    expect(await nameOf(`00${wire("a".repeat(63))}`, [], suffix)).toEqual(["", undefined]);
  });

  it.each([
    ["is told to who asks for it", [option(6, "0027")], `01${full("myhost-2001-db8--10")}`],
    ["is not told to others", [], undefined],
  ])("made for a client that sends none %s", async (_, parts, expected) => {
    const names = { "ddns-qualifying-suffix": "example.org", "ddns-replace-client-name": "when-not-present" };
    const server = await TestServer6.start({ ...names, "dhcp-ddns": { "enable-updates": true }, subnet6: [LAN] });
    const reply = await new TestClient6(server, 1).request(na(1), ...parts);
    const fqdn = reply?.message.option(39);
    expect(fqdn && Buffer.from(fqdn).toString("hex")).toBe(expected);
    expect(server.lease("address", "2001:db8::10")).toMatchObject({
      hostname: "myhost-2001-db8--10.example.org.",
      fqdnFwd: true,
      fqdnRev: true,
    });
  });

  it("RFC 4703 §5.3.2: goes into the DNS with one address", async () => {
    const server = await TestServer6.start({ "dhcp-ddns": { "enable-updates": true }, subnet6: [LAN] });
    await new TestClient6(server, 1).request(na(1), na(2), option(39, `01${full("lap")}`));
    const leases = ["2001:db8::10", "2001:db8::11"].map((address) => server.lease("address", address)!);
    expect(leases.map(({ hostname }) => hostname)).toEqual(["lap.example.org.", "lap.example.org."]);
    expect(leases.map(({ fqdnFwd, fqdnRev }) => [fqdnFwd, fqdnRev])).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  it("goes there with the first address that is given, and with no prefix", async () => {
    const pools = {
      pools: [{ pool: "2001:db8::10/128" }],
      "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
    };
    const server = await TestServer6.start({
      "dhcp-ddns": { "enable-updates": true },
      subnet6: [{ ...LAN, ...pools }],
    });
    const client = new TestClient6(server, 1);
    await client.request(na(2));
    const reply = await client.request(pd(3), na(1), na(2), option(39, `01${full("lap")}`));
    expect(reply?.ias).toContain("na 1 0 0 NoAddrsAvail");
    expect(server.lease("address", "2001:db8::10")).toMatchObject({ fqdnFwd: true, fqdnRev: true });
    expect(server.lease("prefix", "2001:db8:8000::")).toMatchObject({ fqdnFwd: false, fqdnRev: false });
  });

  it("§4.1: with N and S at once makes the message malformed", async () => {
    const server = await TestServer6.start({ subnet6: [LAN] });
    expect(await new TestClient6(server, 1).request(na(1), option(39, `05${wire("lap")}`))).toBeUndefined();
    expect(server.log.lines.at(-1)).toContain("N and S are both set");
  });
});
