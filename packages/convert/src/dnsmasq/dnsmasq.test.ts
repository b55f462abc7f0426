import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dhcp4Family } from "@kotare/core/config/dhcp4-family";
import { dhcp6Family } from "@kotare/core/config/dhcp6-family";
import { formatFault } from "@kotare/core/config/fault";
import { parseConfig } from "@kotare/core/config/load/load-config";
import { describe, expect, it } from "vitest";
import { leases4 } from "../leases/leases4.ts";
import { leases6 } from "../leases/leases6.ts";
import { convertDnsmasq } from "./convert-dnsmasq.ts";

const HOME = `
# a home network
interface=eth0
domain=home.example
dhcp-range=set:lan,192.168.1.50,192.168.1.150,255.255.255.0,12h
dhcp-range=10.9.0.0,static
dhcp-option=tag:lan,option:router,192.168.1.1
dhcp-option=6,192.168.1.1,9.9.9.9
dhcp-option=252,"http://wpad/wpad.dat"
dhcp-host=11:22:33:44:55:66,set:red,printer,192.168.1.9,2h
dhcp-host=id:01:02:03,10.9.0.7
dhcp-host=11:22:33:44:55:67,ignore
dhcp-match=set:efi,option:client-arch,7
dhcp-userclass=set:ipxe,iPXE
dhcp-boot=undionly.kpxe,,192.168.1.2
dhcp-boot=tag:efi,tag:!ipxe,ipxe.efi,boot,192.168.1.2
dhcp-option=tag:red,42,192.168.1.42
dhcp-ignore=tag:!known
dhcp-authoritative
dhcp-script=/bin/seen
dhcp-option=tag:unheard,3,1.2.3.4
dhcp-range=::1,constructor:eth0
dhcp-option=option6:dns-server,[2001:db8::1]
this is nothing
conf-file=more.conf
`;

const FILES: Readonly<Record<string, string>> = { f: HOME, "more.conf": "cache-size=1\ndhcp-option=3\n" };

const OWN = [
  { interface: "eth0", address: "192.168.1.1", length: 24 },
  { interface: "eth0", address: "2001:db8:5::1", length: 64 },
];

function convert(family: 4 | 6, files = FILES, own = OWN) {
  const read = (path: string) => files[path] ?? files[path.slice(path.lastIndexOf("/") + 1)]!;
  const converted = convertDnsmasq("f", family, { read, list: () => [] }, own);
  const text = JSON.stringify(converted.config);
  const source = { file: "f", text };
  const { faults } =
    family === 4
      ? parseConfig(dhcp4Family, source, { read: () => "" })
      : parseConfig(dhcp6Family, source, { read: () => "" });
  expect(faults.filter(({ severity }) => severity === "error").map(formatFault)).toEqual([]);
  return { ...converted, kinds: converted.findings.map((finding) => finding.split('"')[0]!.trim()) };
}

describe("a configuration of dnsmasq's", () => {
  it("a home network: ranges, hosts, options, tags, and booting by what clients send", () => {
    const { config, kinds, losses } = convert(4);
    expect(config).toMatchObject({
      Dhcp4: {
        "interfaces-config": { interfaces: ["eth0"] },
        authoritative: true,
        "boot-file-name": "undionly.kpxe",
        "next-server": "192.168.1.2",
        "option-data": [
          { name: "domain-name", data: "home.example" },
          { name: "domain-name-servers", data: "192.168.1.1, 9.9.9.9" },
          { code: 252, "csv-format": false, data: Buffer.from("http://wpad/wpad.dat").toString("hex") },
          { code: 67, "csv-format": false, data: Buffer.from("undionly.kpxe\0").toString("hex") },
        ],
        "client-classes": [
          { name: "option 93 has 0007" },
          {
            name: "option 77 has iPXE",
            test: expect.stringMatching(
              /^substring\(option\[77\]\.hex, 0, 4\) == 'iPXE' or .*\.hex, 31, 4\) == 'iPXE'$/,
            ),
          },
          { name: "leases of 7200 s", "valid-lifetime": 7200 },
          { name: "red", "option-data": [{ name: "ntp-servers" }] },
          {
            name: "efi not ipxe",
            test: "member('option 93 has 0007') and not (member('option 77 has iPXE'))",
            "boot-file-name": "ipxe.efi",
            "option-data": [{ code: 66 }, { code: 67 }],
          },
        ],
        subnet4: [
          {
            subnet: "192.168.1.0/24",
            "valid-lifetime": 43_200,
            "max-valid-lifetime": 43_200,
            pools: [{ pool: "192.168.1.50 - 192.168.1.150", "client-class": "KNOWN" }],
            reservations: [
              {
                "hw-address": "11:22:33:44:55:66",
                hostname: "printer",
                "ip-address": "192.168.1.9",
                "client-classes": ["red", "leases of 7200 s"],
              },
            ],
          },
          { subnet: "10.9.0.0/24", reservations: [{ "client-id": "01:02:03" }] },
        ],
        reservations: [{ "hw-address": "11:22:33:44:55:67", "client-classes": ["DROP"] }],
      },
    });
    expect(kinds).toEqual([
      "f:13:1: note:",
      "f:14:1: note:",
      "f:20:1: lost:",
      "f:21:1: lost:",
      "f:22:1: note:",
      "f:23:1: note:",
      "f:24:1: lost:",
      "more.conf:1:1: note:",
    ]);
    expect(losses).toBe(3);
  });

  it("of DHCPv6: networks of interfaces, options, hosts by their DUIDs", () => {
    const { config, kinds } = convert(6, {
      f: `enable-ra
dhcp-range=::100,::1ff,constructor:eth0,ra-names,64,12h
dhcp-range=2001:db8:6::,ra-stateless
dhcp-option=option6:dns-server,[2001:db8::53],[2001:db8::54]
dhcp-option=option6:ntp-server,[2001:db8::7b],a
dhcp-option=option:router,192.0.2.1
dhcp-host=id:00:01:00:01:16:d2:83:fc:92:d4:19:e2:d8:b2,[2001:db8:5::9],nine
dhcp-host=11:22:33:44:55:66,192.0.2.9
domain=home.example
`,
    });
    expect(config).toMatchObject({
      Dhcp6: {
        "option-data": [
          { name: "dns-servers", data: "2001:db8::53, 2001:db8::54" },
          { code: 56, "csv-format": false, data: "0001001020010db800000000000000000000007b00030003016100" },
        ],
        "t2-percent": 0.875,
        subnet6: [
          {
            subnet: "2001:db8:5::/64",
            interface: "eth0",
            "valid-lifetime": 43_200,
            "option-data": [{ name: "information-refresh-time", data: "43200" }],
            pools: [{ pool: "2001:db8:5::100 - 2001:db8:5::1ff" }],
            reservations: [
              {
                duid: "00:01:00:01:16:d2:83:fc:92:d4:19:e2:d8:b2",
                "ip-addresses": ["2001:db8:5::9"],
                hostname: "nine",
              },
            ],
          },
          { subnet: "2001:db8:6::/64" },
        ],
      },
    });
    expect(kinds).toEqual([
      "f:1:1: note:",
      "f:2:1: note:",
      "f:3:1: note:",
      "f:6:1: note:",
      "f:7:1: note:",
      "f:8:1: note:",
      "f:9:1: note:",
    ]);
  });

  it("values are sent, and looked for, as dnsmasq does it", () => {
    const { config, kinds } = convert(4, {
      f: `dhcp-range=set:lan,192.168.1.50,192.168.1.150
dhcp-option=150,10.0.0.5,10.0.0.6
dhcp-option=176,300
dhcp-option=177,5i
dhcp-option=178,01:ff:a
dhcp-option=179,"10.0.0.5"
dhcp-option=180,"one, two",three # a comment
dhcp-option=181,"a # in quotes"
dhcp-option=181,last#
dhcp-option=121,10.9.0.0/16,192.168.1.9
dhcp-match=set:a,60,PXEClient:Arch:00007
dhcp-match=set:b,61,01:*:3
dhcp-match=set:c,60
dhcp-match=set:d,option6:61,7
dhcp-vendorclass=set:e,it's
dhcp-boot=tag:a,a
dhcp-boot=tag:b,b
dhcp-boot=tag:e,e,,192.168.1.9
dhcp-boot=tag:c,c
dhcp-no-override
`,
    });
    const sent = (code: number, data: string) => ({ code, "csv-format": false, data });
    const text = (what: string) => Buffer.from(what).toString("hex");
    const { "option-data": options, "client-classes": classes } = config["Dhcp4"] as {
      "option-data": object[];
      "client-classes": { name: string; test: string }[];
    };
    expect(options).toEqual([
      sent(150, "0a0000050a000006"),
      sent(176, "012c"),
      sent(177, "00000005"),
      sent(178, "01ff0a"),
      sent(179, text("10.0.0.5")),
      sent(180, text("one, two,three")),
      sent(181, text("last#")),
      sent(121, "100a09c0a80109"),
    ]);
    expect(classes.map(({ name, test }) => [name, test.slice(0, 85)])).toEqual([
      ["option 60 has PXEClient:Arch:00007", expect.stringContaining("substring(option[60].hex, 0, 20) == 'PXE")],
      ["option 60 has 69742773", expect.stringContaining("substring(option[60].hex, 0, 4) == 0x69742773")],
      ["c", "option[60].exists"],
      ["e without c", "member('option 60 has 69742773') and not (option[60].exists)"],
      ["b", "substring(option[61].hex, 0, 1) == 0x01 and substring(option[61].hex, 2, 1) == 0x03"],
      ["a", "member('option 60 has PXEClient:Arch:00007')"],
    ]);
    expect(kinds).toEqual(["f:11:1: note:", "f:14:1: note:", "f:15:1: note:"]);
  });

  it("tags of hosts, several of them, and hosts with tags are tests of classes", () => {
    const { config, findings } = convert(4, {
      f: `dhcp-range=set:lan,192.168.1.50,192.168.1.99
dhcp-range=tag:red,tag:!ipxe,192.168.1.100,192.168.1.150
dhcp-userclass=set:ipxe,iPXE
dhcp-host=11:22:33:44:55:66,set:red
dhcp-host=11:22:33:44:55:67,tag:ipxe,ignore
dhcp-host=11:22:33:44:55:68,id:01:02,tag:ipxe,set:slow
dhcp-host=11:22:33:44:55:69,tag:ipxe,192.168.1.9
dhcp-host=11:22:33:44:55:6a,tag:!ipxe,set:still,loader,192.168.1.60,10m
dhcp-host=11:22:33:44:55:6b,tag:ipxe,2h
dhcp-host=11:22:33:44:55:6c,192.168.1.61
dhcp-host=11:22:33:44:55:6c,tag:ipxe,192.168.1.62
dhcp-option=tag:slow,42,192.168.1.42
dhcp-option=tag:!red,43,1
`,
    });
    const { "client-classes": classes, subnet4 } = config["Dhcp4"] as {
      "client-classes": { name: string; test: string }[];
      subnet4: { pools: object[] }[];
    };
    const ipxe = "member('option 77 has iPXE')";
    const lone = ["192.168.1.9 for ipxe", "loader for not ipxe"] as const;
    const others = `all without ${lone.join(", ")}`;
    expect(subnet4[0]!.pools).toEqual([
      { pool: "192.168.1.50 - 192.168.1.59", "client-class": others },
      { pool: "192.168.1.61 - 192.168.1.99", "client-class": others },
      { pool: "192.168.1.100 - 192.168.1.150", "client-class": `red not ipxe without ${lone.join(", ")}` },
      { pool: "192.168.1.9 - 192.168.1.9", "client-class": lone[0] },
      { pool: "192.168.1.60 - 192.168.1.60", "client-class": lone[1] },
    ]);
    expect(classes.find(({ name }) => name === lone[1])).toMatchObject({
      "valid-lifetime": 600,
      "option-data": [{ name: "host-name", data: "loader" }],
    });
    expect(classes.slice(-2).map(({ name }) => name)).toEqual([others, `red not ipxe without ${lone.join(", ")}`]);
    expect(Object.fromEntries(classes.map(({ name, test }) => [name, test]))).toMatchObject({
      "red not ipxe": `member('KNOWN') and member('red') and not (${ipxe})`,
      "not red": "(member('KNOWN') or member('UNKNOWN')) and not (member('red'))",
      slow: `(pkt4.mac == 0x112233445568 or option[61].hex == 0x0102) and ${ipxe}`,
      DROP: `(pkt4.mac == 0x112233445567) and ${ipxe}`,
      [lone[0]]: `(pkt4.mac == 0x112233445569) and ${ipxe}`,
      "leases of 7200 s for ipxe": `(pkt4.mac == 0x11223344556b) and ${ipxe}`,
      [others]: `not member('${lone[0]}') and not member('${lone[1]}')`,
    });
    expect(findings.filter((finding) => !finding.includes("dnsmasq's own"))).toEqual([
      expect.stringMatching(/^f:3:1: note: /),
      expect.stringMatching(
        /^f:8:1: note: .* has a name for clients with a tag, which they are told, and their leases lack$/,
      ),
      expect.stringMatching(/^f:11:1: lost: .* has an address beside one that another line gives without tags/),
    ]);
  });

  it("of DHCPv6: classes of vendors, and what relays say", () => {
    const { config, kinds } = convert(6, {
      f: `dhcp-range=2001:db8:5::100,2001:db8:5::1ff
dhcp-vendorclass=set:cpe,enterprise:32473,cpe
dhcp-vendorclass=set:any,cpe
dhcp-subscrid=set:line,seven
dhcp-circuitid=set:none,eth0
dhcp-option=tag:cpe,option6:ntp-server,[2001:db8::7b]
dhcp-option=tag:any,option6:ntp-server,[2001:db8::7c]
dhcp-option=tag:line,option6:ntp-server,[2001:db8::7d]
`,
    });
    const { "client-classes": classes } = config["Dhcp6"] as { "client-classes": { name: string; test: string }[] };
    expect(Object.fromEntries(classes.map(({ name, test }) => [name, test]))).toMatchObject({
      cpe: "substring(option[16].hex, 0, 4) == 0x00007ed9 and member('option 16 has cpe')",
      any: "substring(option[16].hex, 0, 4) == 0x00000000 and member('option 16 has cpe')",
      line: "relay6[-1].option[38].hex == 'seven'",
    });
    expect(kinds).toEqual(["f:2:1: note:", "f:3:1: note:", "f:5:1: note:"]);
  });

  it("what is not known elsewhere than on the machine that serves is told", () => {
    const { findings } = convert(
      6,
      { f: "dhcp-range=::1,::9,constructor:eth0\ndhcp-range=2001:db8::1,2001:db8::9\n" },
      [],
    );
    expect(findings[0]).toMatch(/^f:1:1: lost: .* not known here: convert on the machine that serves$/);
    expect(findings[1]).toMatch(/^f:2:1: lost: .* set dns-servers$/);
  });
});

describe("leases in dnsmasq's file", () => {
  let told: string[];

  async function readAndWrite(text: string) {
    told = [];
    const folder = mkdtempSync(join(tmpdir(), "kotare-dnsmasq-"));
    try {
      const file = join(folder, "dnsmasq.leases");
      writeFileSync(file, text);
      const reports = { remark: (what: string) => told.push(what), progress: () => {} };
      const four = [...leases4.read("dnsmasq", file, reports)].map(({ lease }) => lease);
      const six = [...leases6.read("dnsmasq", file, reports)].map(({ lease }) => lease);
      let again = "";
      for await (const piece of leases4.write("dnsmasq", pagesOf(four), undefined)) again += piece;
      for await (const piece of leases6.write("dnsmasq", pagesOf(six), Uint8Array.of(0, 3, 0, 1, 2, 0, 0, 0, 0, 1)))
        again += piece;
      return { four, six, again };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  async function* pagesOf<T>(leases: T) {
    yield leases;
  }

  const LEASES = `1800003600 02:00:00:00:00:01 192.168.1.50 laptop 01:02:00:00:00:00:01
0 02:00:00:00:00:02 192.168.1.51 * *
duid 00:03:00:01:02:00:00:00:00:01
1800086400 14641 2001:db8::100 laptop 00:01:00:01:16:d2:83:fc:92:d4:19:e2:d8:b2
`;

  it("are read, and are the same when they are written", async () => {
    const { four, six, again } = await readAndWrite(LEASES);
    expect(four).toMatchObject([
      { cltt: 1_800_000_000, validLifetime: 3600, hostname: "laptop", clientId: Uint8Array.of(1, 2, 0, 0, 0, 0, 1) },
      { validLifetime: 0xffff_ffff, hostname: "", clientId: undefined },
    ]);
    expect(six).toMatchObject([{ iaid: 14_641, cltt: 1_800_000_000, validLifetime: 86_400, hostname: "laptop" }]);
    expect(again).toBe(LEASES);
    expect(told).toEqual([
      'clients know the server by its DUID, so let the configuration have "server-id": {"type":"LL","htype":1,"identifier":"020000000001"}',
    ]);
  });

  it("what cannot be read is told", async () => {
    const { four, six } = await readAndWrite("nonsense\nduid 00:01\n1 2 3\n1 T7 2001:db8::1 * 00:01:02:03\n");
    expect([four, six]).toEqual([[], []]);
    expect(told.map((what) => what.replace(/^.*leases:/, ""))).toEqual([
      "1: is no lease",
      "3: is no lease",
      "4: a temporary address is left out: clients make new ones",
    ]);
  });
});
