import { HwaddrSource } from "@kotare/core/leases/model/lease6";
import { describe, expect, it } from "vitest";
import { na, option, type Part6, TestClient6, type TestRelay6 } from "../testing/test-client6.ts";
import { type IngressChange, ip6, TestServer6 } from "../testing/test-server6.ts";

const LL = "00030001020000000007";
const LAN = { id: 1, subnet: "2001:db8::/64", pools: [{ pool: "2001:db8::10-2001:db8::1f" }] };
const EUI64: IngressChange = { source: ip6("fe80::ff:fe00:8") };
const RAW: IngressChange = { sourceMac: Uint8Array.of(2, 0, 0, 0, 0, 6) };
const relay = (...options: Part6[]): TestRelay6 => ({ link: "2001:db8::1", peer: "fe80::ff:fe00:9", options });
/** CableLabs (4491) and one sub-option. */
const cable = (sub: string) => option(17, `0000118b${sub}`);

interface Case {
  readonly sources: readonly string[];
  readonly duid?: string;
  readonly ingress?: IngressChange;
  readonly relays?: readonly TestRelay6[];
  readonly parts?: readonly Part6[];
}

async function leaseOf({ sources, duid, ingress = {}, relays = [], parts = [] }: Case) {
  const server = await TestServer6.start({ "mac-sources": sources, subnet6: [LAN] });
  const client = new TestClient6(server, 1, duid);
  client.ingress = ingress;
  client.relays = relays;
  await client.request(na(1), ...parts);
  const { hwaddr, hwtype, hwaddrSource } = server.lease("address", "2001:db8::10")!;
  return [Buffer.from(hwaddr).toString("hex"), hwtype, hwaddrSource];
}

describe("a client's hardware address", () => {
  it.each<readonly [string, Case, readonly [string, number, HwaddrSource]]>([
    ["raw", { sources: ["raw"], ingress: RAW }, ["020000000006", 1, HwaddrSource.raw]],
    ["duid", { sources: ["duid"], duid: LL }, ["020000000007", 1, HwaddrSource.duid]],
    ["ipv6-link-local", { sources: ["ipv6-link-local"], ingress: EUI64 }, ["020000000008", 1, HwaddrSource.linkLocal]],
    [
      "ipv6-link-local, behind relays",
      { sources: ["ipv6-link-local"], ingress: EUI64, relays: [{ link: "::" }, relay()] },
      ["020000000009", 1, HwaddrSource.linkLocal],
    ],
    [
      "client-link-addr-option",
      { sources: ["client-link-addr-option"], relays: [relay(option(79, "000602000000000a"))] },
      ["02000000000a", 6, HwaddrSource.clientLinkAddr],
    ],
    [
      "remote-id",
      { sources: ["remote-id"], relays: [relay(option(37, "0000000902000000000b"))] },
      ["02000000000b", 1, HwaddrSource.remoteId],
    ],
    [
      "subscriber-id",
      { sources: ["subscriber-id"], relays: [relay(option(38, "02000000000c"))] },
      ["02000000000c", 1, HwaddrSource.subscriberId],
    ],
    [
      "docsis-cmts",
      { sources: ["docsis-cmts"], relays: [relay(cable("0402000602000000000d"))] },
      ["02000000000d", 1, HwaddrSource.cmts],
    ],
    [
      "docsis-modem",
      { sources: ["docsis-modem"], parts: [cable("0024000602000000000e")] },
      ["02000000000e", 1, HwaddrSource.docsisModem],
    ],
    ["the first source that knows one", { sources: ["raw", "duid"], duid: LL }, ["020000000007", 1, HwaddrSource.duid]],
    [
      "any: the relay next to the client before the DUID",
      { sources: ["any"], duid: LL, relays: [relay(option(79, "000102000000000a"))] },
      ["02000000000a", 1, HwaddrSource.clientLinkAddr],
    ],
    [
      "any: the cable head end before the modem",
      {
        sources: ["any"],
        relays: [{ ...relay(cable("0402000602000000000d")), peer: "fe80::9" }],
        parts: [cable("0024000602000000000e")],
      },
      ["02000000000d", 1, HwaddrSource.cmts],
    ],
    [
      "any: the DUID before the frame",
      { sources: ["any"], duid: LL, ingress: RAW },
      ["020000000007", 1, HwaddrSource.duid],
    ],
    ["any: the frame at last", { sources: ["any"], ingress: RAW }, ["020000000006", 1, HwaddrSource.raw]],
    [
      "any: where Kea looks before the address of a virtual interface",
      { sources: ["any"], relays: [relay(option(37, "0000000902000000000b"))] },
      ["02000000000b", 1, HwaddrSource.remoteId],
    ],
  ])("comes from %s", async (_, given, expected) => {
    expect(await leaseOf(given)).toEqual(expected);
  });

  it.each<readonly [string, Case]>([
    ["the frame is a relay's", { sources: ["raw"], ingress: RAW, relays: [relay()] }],
    ["the interface identifier is made of none", { sources: ["ipv6-link-local"] }],
    ["the DUID has none", { sources: ["duid"] }],
    ["it is longer than a lease has room for", { sources: ["duid"], duid: `00030001${"02".repeat(21)}` }],
    [
      "a relay says more bytes than any has (CVE-2017-14493)",
      { sources: ["client-link-addr-option"], relays: [relay(option(79, `0001${"02".repeat(1000)}`))] },
    ],
    ["it has no bytes", { sources: ["client-link-addr-option"], relays: [relay(option(79, "0001"))] }],
  ])("is unknown where %s", async (_, given) => {
    expect(await leaseOf(given)).toEqual(["", 0, HwaddrSource.unknown]);
  });
});

describe("the relays of a lease", () => {
  const context = async (storeExtendedInfo: boolean) => {
    const server = await TestServer6.start({ "store-extended-info": storeExtendedInfo, subnet6: [LAN] });
    const client = new TestClient6(server, 1);
    client.relays = [
      { link: "2001:db8:9::1", peer: "2001:db8:9::2", options: [option(37, "00000009abcd"), option(53, "6464")] },
      relay(option(18, "07"), option(38, "0a0b")),
    ];
    await client.request(na(1));
    await client.renew(na(1, "2001:db8::10"));
    return server.lease("address", "2001:db8::10")!.userContext;
  };

  it("are kept where the configuration says so, the one next to the client first", async () => {
    // As Kea 2.6.3 writes it.
    const inner =
      '{ "hop": 0, "link": "2001:db8::1", "options": "0x0012000107002600020A0B", "peer": "fe80::ff:fe00:9" }';
    const outer =
      '{ "hop": 1, "link": "2001:db8:9::1", "options": "0x0025000600000009ABCD003500026464", ' +
      '"peer": "2001:db8:9::2", "relay-id": "6464", "remote-id": "00000009ABCD" }';
    expect(await context(true)).toBe(`{ "ISC": { "relay-info": [ ${inner}, ${outer} ] } }`);
  });

  it("are not kept otherwise", async () => {
    expect(await context(false)).toBe("");
  });
});
