import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ForeignLeases } from "@kotare/core/daemon/offline/converter";
import { formatIpv4 } from "@kotare/core/ip/ipv4";
import { formatIpv6Key } from "@kotare/core/ip/ipv6-key";
import { INFINITE_LIFETIME, type Lease, LeaseState } from "@kotare/core/leases/model/lease";
import { agentOptionsOf } from "@kotare/core/leases/user-context/agent-options4";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { leases4 } from "./leases4.ts";
import { leases6 } from "./leases6.ts";

const T = Date.UTC(2026, 10, 30, 12, 0, 0) / 1000;

let folder: string;
let told: string[];
let progress: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kotare-dhcpd-"));
  told = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function read<L extends Lease>(leases: ForeignLeases<L>, text: string) {
  const file = join(folder, "dhcpd.leases");
  writeFileSync(file, text, "latin1");
  return [...leases.read("dhcpd", file, { remark: (what) => told.push(what), progress: (done) => (progress = done) })];
}

/** Writes leases as dhcpd has them and reads them again. */
async function again<L extends Lease>(leases: ForeignLeases<L>, list: readonly L[]): Promise<L[]> {
  async function* pages() {
    yield list;
  }
  let text = "";
  for await (const piece of leases.write("dhcpd", pages(), undefined)) text += piece;
  return read(leases, text).map(({ lease }) => lease);
}

const ACTIVE4 = `
# The format of this file is documented in the dhcpd.leases(5) manual page.
authoring-byte-order little-endian;

lease 192.0.2.10 {
  starts 1 2026/11/30 12:00:00;
  ends 1 2026/11/30 13:00:00;
  cltt 1 2026/11/30 12:00:00;
  binding state active;
  next binding state free;
  rewind binding state free;
  hardware ethernet 02:00:00:00:00:0a;
  uid "\\001\\002\\000\\000\\000\\000\\012";
  set vendor-class-identifier = "MSFT 5.0";
  set ddns-rev-name = "10.2.0.192.in-addr.arpa.";
  set ddns-fwd-name = "Alpha.example.org";
  option agent.circuit-id "eth0\\0011";
  client-hostname "alpha";
  on expiry {
    execute("/bin/true");
  }
}
`;

describe("leases of DHCPv4 in dhcpd's file", () => {
  it("an active one has its client, its end and its names", () => {
    const [found] = read(leases4, ACTIVE4);
    expect(found).toMatchObject({
      isSomebodys: true,
      lease: {
        hwaddr: Uint8Array.from([2, 0, 0, 0, 0, 10]),
        cltt: T,
        validLifetime: 3600,
        state: LeaseState.assigned,
        hostname: "alpha.example.org.",
        fqdnFwd: true,
        fqdnRev: true,
      },
    });
    expect(found!.lease.clientId).toEqual(Uint8Array.from([1, 2, 0, 0, 0, 0, 10]));
    expect(formatIpv4(found!.lease.address)).toBe("192.0.2.10");
    expect(agentOptionsOf(found!.lease.userContext)).toEqual(Uint8Array.from([1, 6, 101, 116, 104, 48, 1, 49]));
    expect(told).toEqual([]);
  });

  it.each([
    ["free", "hardware ethernet 02:00:00:00:00:01;", LeaseState.reclaimed, true],
    ["backup", "", LeaseState.reclaimed, false],
    ["expired", "uid 1:2:3;", LeaseState.reclaimed, true],
    ["abandoned", "", LeaseState.declined, true],
  ])("one that is %s", (state, client, expected, isSomebodys) => {
    const times = "starts epoch 1000; # some day\n ends epoch 2000;";
    const [found] = read(leases4, `lease 192.0.2.11 {\n${times} binding state ${state}; ${client}\n}\n`);
    expect(found).toMatchObject({ isSomebodys, lease: { state: expected, cltt: 1000 } });
  });

  it("one without an end, and one that is reserved, of which is told", () => {
    const [found] = read(
      leases4,
      "lease 192.0.2.11 {\n starts 1 2026/11/30 12:00:00; ends never; reserved; uid 1:2;\n}\n",
    );
    expect(found?.lease.validLifetime).toBe(INFINITE_LIFETIME);
    expect(told).toEqual([
      '192.0.2.11 is reserved for its client, so give its subnet the reservation {"client-id":"01:02","ip-address":"192.0.2.11"}',
    ]);
  });

  it("what cannot be read is told, and costs only itself", () => {
    const found = read(leases4, `lease 192.0.2.300 {\n}\n${ACTIVE4}lease 192.0.2.12 {\n starts 1 2026/11`);
    expect(found).toHaveLength(1);
    expect(told).toHaveLength(2);
  });

  it("a long file is read in pieces, and how far that has come is told", () => {
    const text = Array.from({ length: 12_000 }, (_, i) => ACTIVE4.replace("192.0.2.10", `10.0.${i >> 8}.${i & 255}`));
    expect(
      read(leases4, text.join(""))
        .map(({ lease }) => formatIpv4(lease.address))
        .at(-1),
    ).toBe("10.0.46.223");
    expect(progress).toBe(text.join("").length - 1);
    expect(told).toEqual([]);
  });

  it("written for dhcpd and read again, a lease is the same", async () => {
    const [{ lease } = { lease: undefined! }] = read(leases4, ACTIVE4);
    expect(await again(leases4, [lease])).toEqual([lease]);
  });
});

const ACTIVE6 = `
authoring-byte-order little-endian;
server-duid "\\000\\001\\000\\001\\060\\001\\002\\003\\002\\000\\000\\000\\000\\001";

ia-na "\\004\\003\\002\\001\\000\\003\\000\\001\\002\\000\\000\\000\\000\\022" {
  cltt 1 2026/11/30 12:00:00;
  iaaddr 2001:db8::a {
    binding state active;
    preferred-life 375;
    max-life 600;
    ends 1 2026/11/30 12:10:00;
    set ddns-fwd-name = "six.example.org";
  }
}

ia-pd "q\\000\\000\\000\\000\\003\\000\\001\\002\\000\\000\\000\\000\\022" {
  cltt 1 2026/11/30 12:00:00;
  iaprefix 2001:db8:8000::/56 {
    binding state active;
    preferred-life 375;
    max-life 600;
    ends 1 2026/11/30 12:10:00;
  }
}
`;

describe("leases of DHCPv6 in dhcpd's file", () => {
  it("addresses and prefixes have their associations, in the byte order of the machine", () => {
    const found = read(leases6, ACTIVE6).map(({ lease }) => lease);
    expect(found.map(({ address }) => formatIpv6Key(address))).toEqual(["2001:db8::a", "2001:db8:8000::"]);
    expect(found).toMatchObject([
      { type: 0, prefixLength: 128, iaid: 0x01020304, cltt: T, validLifetime: 600, hostname: "six.example.org." },
      { type: 2, prefixLength: 56, iaid: 0x71, preferredLifetime: 375, state: LeaseState.assigned },
    ]);
    expect(Buffer.from(found[0]!.duid).toString("hex")).toBe("00030001020000000012");
    expect(read(leases6, ACTIVE6.replace("little", "big"))[0]?.lease.iaid).toBe(0x04030201);
  });

  it("the server's DUID is told, since clients renew with it", () => {
    read(leases6, ACTIVE6);
    expect(told).toEqual([
      'clients know the server by its DUID, so let the configuration have "server-id": ' +
        '{"type":"LLT","htype":1,"time":805372419,"identifier":"020000000001"}',
    ]);
  });

  it("written for dhcpd and read again, leases are the same", async () => {
    const found = read(leases6, ACTIVE6).map(({ lease }) => lease);
    expect(await again(leases6, found)).toEqual(found);
  });
});
