/** What classes give their members: fields, lifetimes, options; and what the log says about classes. */

import type { OptionBytes } from "@kotare/testkit/build-message4";
import { hex, text } from "@kotare/testkit/payloads";
import { describe, expect, it } from "vitest";
import { macOf, type Query4Change, TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, type TestReply4, TestServer4 } from "../testing/test-server4.ts";

const LAN = { id: 1, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10 - 192.0.2.19" }] };
const VOIP = { name: "voip", test: "substring(option[60].hex,0,6) == 'Aastra'" };
const PRINTER = { name: "printer", test: "option[60].hex == 'printer'" };

let server: TestServer4;

async function start(config: Dhcp4Text): Promise<void> {
  server = await TestServer4.start({ subnet4: [LAN], ...config });
}

const sending = (...options: readonly OptionBytes[]): Query4Change => ({ options });
const vendor = (name: string, ...wishes: number[]) => sending([60, text(name)], [55, wishes]);
const client = (number: number) => new TestClient4(server, number);
const discover = async (change: Query4Change = {}, number = 1): Promise<TestReply4 | undefined> =>
  client(number).discover(change);

describe("what a class gives", () => {
  const boot = { "next-server": "192.0.2.254", "server-hostname": "hal9000", "boot-file-name": "/dev/null" };
  const bootOf = (reply?: TestReply4) => [reply?.siaddr, reply?.sname, reply?.file];

  it("next-server, server-hostname, boot-file-name: above the subnet's, below a reservation's", async () => {
    const subnet = { ...LAN, "next-server": "192.0.2.1", "boot-file-name": "s" };
    const reservations = [{ "hw-address": macOf(3), "boot-file-name": "r" }];
    await start({ "client-classes": [{ ...VOIP, ...boot }], subnet4: [{ ...subnet, reservations }] });
    expect(bootOf(await discover(vendor("Aastra")))).toEqual(["192.0.2.254", "hal9000", "/dev/null"]);
    expect(bootOf(await discover({}, 2))).toEqual(["192.0.2.1", "", "s"]);
    expect(bootOf(await discover(vendor("Aastra"), 3))).toEqual(["192.0.2.254", "hal9000", "r"]);
  });

  it("each value comes from the first class that has one", async () => {
    const all = (name: string, more: Dhcp4Text) => ({ name, test: "member('ALL')", ...more });
    const list = [
      all("a", { "next-server": "0.0.0.0", "boot-file-name": "", "server-hostname": "a" }),
      all("b", { "next-server": "192.0.2.2", "server-hostname": "b" }),
      all("c", { "next-server": "192.0.2.3", "boot-file-name": "c" }),
    ];
    await start({ "client-classes": list });
    expect(bootOf(await discover())).toEqual(["192.0.2.2", "a", "c"]);
  });

  it("lifetimes, which bound what the client asks for", async () => {
    const times = { "min-valid-lifetime": 50, "valid-lifetime": 100, "max-valid-lifetime": 200 };
    await start({ "client-classes": [{ ...VOIP, ...times }], subnet4: [{ ...LAN, "valid-lifetime": 9000 }] });
    const lease = async (asked: number) =>
      (await discover(sending([60, text("Aastra")], [51, [0, 0, asked >> 8, asked & 255]])))?.u32(51);
    expect([await lease(1), await lease(60), await lease(999)]).toEqual([50, 60, 200]);
    expect((await discover({}, 2))?.u32(51)).toBe(9000);
    expect((await client(1).bind(vendor("Aastra"))).u32(51)).toBe(100);
    expect(server.lease("192.0.2.10")?.validLifetime).toBe(100);
  });

  it("offer-lifetime", async () => {
    await start({ "client-classes": [{ ...VOIP, "offer-lifetime": 30 }] });
    await discover({}, 2);
    expect(server.leases()).toEqual([]);
    const offer = await discover(vendor("Aastra"));
    expect(server.lease(offer!.yiaddr)).toMatchObject({ state: 0, validLifetime: 30 });
  });
});

describe("options", () => {
  const dns = (data: string, more: Dhcp4Text = {}) => ({ name: "domain-name-servers", data, ...more });
  const options = (...list: Dhcp4Text[]) => ({ "option-data": list });

  it("of a class lie over the global ones and under those of networks, subnets, pools and reservations", async () => {
    const near = (address: string, more: Dhcp4Text = {}) => ({ ...options(dns(address)), ...more });
    const config = {
      ...options(dns("10.0.0.1")),
      "client-classes": [{ ...VOIP, ...options(dns("10.0.0.2")) }],
      "shared-networks": [] as unknown[],
      subnet4: [LAN] as unknown[],
    };
    const seen = async (more: Dhcp4Text) => {
      await start({ ...config, ...more });
      return [(await discover({}, 1))?.ips(6), (await discover(vendor("Aastra", 6), 2))?.ips(6)];
    };
    expect(await seen({})).toEqual(["10.0.0.1", "10.0.0.2"]);
    expect(await seen({ subnet4: [{ ...LAN, ...near("10.0.0.3") }] })).toEqual(["10.0.0.3", "10.0.0.3"]);
    expect(
      await seen({
        subnet4: [],
        "shared-networks": [near("10.0.0.4", { name: "n", interface: "eth0", subnet4: [LAN] })],
      }),
    ).toEqual(["10.0.0.4", "10.0.0.4"]);
    expect(await seen({ subnet4: [{ ...LAN, reservations: [near("10.0.0.5", { "hw-address": macOf(2) })] }] })).toEqual(
      ["10.0.0.1", "10.0.0.5"],
    );
  });

  it("of the first class win over those of later ones", async () => {
    const all = (name: string, ...list: Dhcp4Text[]) => ({ name, test: "member('ALL')", ...options(...list) });
    const ntp = { name: "ntp-servers", data: "10.0.0.9" };
    await start({ "client-classes": [all("a", dns("10.0.0.1")), all("b", dns("10.0.0.2"), ntp)] });
    const offer = await discover(sending([55, [6, 42]]));
    expect([offer?.ips(6), offer?.ips(42)]).toEqual(["10.0.0.1", "10.0.0.9"]);
  });

  it("of classes that a reservation gives, of KNOWN, of a template", async () => {
    const list = [
      { name: "vip", ...options({ name: "domain-name", data: "vip" }) },
      { name: "KNOWN", ...options({ name: "ntp-servers", data: "10.0.0.9" }) },
      { name: "t", "template-test": "option[12].hex", ...options({ name: "log-servers", data: "10.0.0.8" }) },
      { name: "SPAWN_t_h", ...options({ name: "log-servers", data: "10.0.0.7" }) },
    ];
    const reservations = [{ "hw-address": macOf(1), "client-classes": ["vip"] }];
    await start({ "client-classes": list, subnet4: [{ ...LAN, reservations }] });
    const seen = async (number: number, host: string) => {
      const offer = await discover(sending([55, [15, 42, 7]], [12, text(host)]), number);
      return [offer?.text(15), offer?.ips(42), offer?.ips(7)];
    };
    expect(await seen(1, "x")).toEqual(["vip", "10.0.0.9", "10.0.0.8"]);
    expect(await seen(2, "h")).toEqual([undefined, undefined, "10.0.0.7"]);
  });

  it("limited to classes are as if they were not there for others", async () => {
    const pool = (data: string) => ({
      pool: "192.0.2.10 - 192.0.2.19",
      ...options(dns(data, { "client-classes": ["voip"] })),
    });
    const list = [
      dns("10.0.0.1", { "client-classes": ["printer"] }),
      dns("10.0.0.2", { "client-classes": ["voip", "other"] }),
      dns("10.0.0.3"),
    ];
    await start({
      "client-classes": [VOIP, PRINTER, { name: "other" }],
      ...options(...list),
      subnet4: [{ ...LAN, pools: [pool("10.0.0.4")] }],
    });
    const seen = async (name: string, number: number) => (await discover(vendor(name, 6), number))?.ips(6);
    expect([await seen("printer", 1), await seen("Aastra", 2), await seen("x", 3)]).toEqual([
      "10.0.0.1",
      "10.0.0.4",
      "10.0.0.3",
    ]);
  });

  it("never-send holds for all, whatever classes it is limited to", async () => {
    const never = dns("10.0.0.9", { "never-send": true, "client-classes": ["voip"] });
    await start({ "client-classes": [VOIP], ...options(dns("10.0.0.1")), subnet4: [{ ...LAN, ...options(never) }] });
    expect((await discover(sending([55, [6]])))?.codes).not.toContain(6);
  });

  it("43 and those for private use are what the class's own definition says", async () => {
    const space = (name: string, type: string) => ({ name: "value", code: 1, type, space: name });
    const carrier = { name: "vendor-encapsulated-options", code: 43, type: "empty" };
    const device = (name: string, data: string, private224: Dhcp4Text, value: string) => ({
      name,
      test: `option[60].hex == '${name}'`,
      "option-def": [
        { ...carrier, encapsulate: name },
        { name: "p", code: 224, ...private224 },
      ],
      ...options(
        { name: "vendor-encapsulated-options" },
        { name: "value", space: name, data },
        { name: "p", data: value },
      ),
    });
    await start({
      "option-def": [space("APC", "string"), space("PXE", "ipv4-address")],
      "client-classes": [
        device("APC", "1APC", { type: "string" }, "7"),
        device("PXE", "0.0.0.0", { type: "uint16" }, "7"),
      ],
    });
    const seen = async (name: string) => {
      const offer = await discover(vendor(name, 43, 224));
      return [43, 224].map((code) => Buffer.from(offer?.option(code) ?? []).toString("hex"));
    };
    expect(await seen("APC")).toEqual(["010431415043", "37"]);
    expect(await seen("PXE")).toEqual(["010400000000", "0007"]);
    expect(await seen("x")).toEqual(["", ""]);
  });

  it("54 of a class is the identifier by which its members know us", async () => {
    await start({ "client-classes": [{ ...VOIP, ...options({ code: 54, data: "10.9.9.9" }) }] });
    const offer = await discover(vendor("Aastra"));
    expect(offer?.ips(54)).toBe("10.9.9.9");
    expect((await client(1).select(offer!.yiaddr, vendor("Aastra"), "10.9.9.9"))?.type).toBe("ACK");
    expect((await discover({}, 2))?.ips(54)).toBe("192.0.2.1");
  });
});

describe("additional classes", () => {
  const asks = (...names: string[]) => ({ "evaluate-additional-classes": names });
  const late = (name: string, file: string, more: Dhcp4Text = {}) => ({
    name,
    "only-in-additional-list": true,
    "boot-file-name": file,
    ...more,
  });

  it("are looked at where a scope asks for them: of pools before those of subnets and networks", async () => {
    const network = (more: Dhcp4Text, subnet: Dhcp4Text, pool: Dhcp4Text) => ({
      subnet4: [],
      "shared-networks": [
        {
          name: "n",
          interface: "eth0",
          ...more,
          subnet4: [{ ...LAN, ...subnet, pools: [{ pool: "192.0.2.10 - 192.0.2.19", ...pool }] }],
        },
      ],
      "client-classes": [late("a", "a"), late("b", "b", { test: "option[60].exists" }), late("c", "c")],
    });
    const file = async (...scopes: Parameters<typeof network>) => {
      await start(network(...scopes));
      return (await discover(vendor("x")))?.file;
    };
    expect(await file({}, {}, {})).toBe("");
    expect(await file(asks("a"), {}, {})).toBe("a");
    expect(await file(asks("a"), asks("b"), {})).toBe("b");
    expect(await file(asks("a"), asks("b"), asks("c"))).toBe("c");
    await start(network({}, asks("b"), {}));
    expect((await discover())?.file).toBe("");
  });

  it("count for options and boot fields, not for addresses and lifetimes", async () => {
    const list = [late("a", "a", { "valid-lifetime": 5, "option-data": [{ name: "domain-name", data: "a" }] })];
    const pools = [{ pool: "192.0.2.10/32", "client-class": "a" }, { pool: "192.0.2.20/32" }];
    await start({ "client-classes": list, subnet4: [{ ...LAN, pools, ...asks("a"), "valid-lifetime": 60 }] });
    const offer = await discover(sending([55, [15]]));
    expect([offer?.yiaddr, offer?.u32(51), offer?.text(15), offer?.file]).toEqual(["192.0.2.20", 60, "a", "a"]);
  });

  it("see the classes that a reservation in a shared network gives, which count for options too", async () => {
    const reservations = [{ "hw-address": macOf(1), "client-classes": ["vip"] }];
    const list = [
      { name: "vip", "option-data": [{ name: "domain-name", data: "vip" }] },
      late("a", "a", { test: "member('vip')" }),
    ];
    const subnet4 = [{ ...LAN, reservations, ...asks("a") }];
    await start({
      "client-classes": list,
      subnet4: [],
      "shared-networks": [{ name: "n", interface: "eth0", subnet4 }],
    });
    const offer = await discover(sending([55, [15]]));
    expect([offer?.text(15), offer?.file]).toEqual(["vip", "a"]);
    expect((await discover({}, 2))?.file).toBe("");
  });
});

describe("the log", () => {
  const linesOf = (id: string) =>
    server.log.lines.filter((line) => line.startsWith(`${id} `)).map((line) => line.replace(/^.*tid=0x\w+: /, ""));

  it("says in which classes a packet is, and what the tests of all others saw", async () => {
    await start({
      "client-classes": [
        VOIP,
        PRINTER,
        { name: "late", test: "option[61].exists", "only-in-additional-list": true },
        { name: "plain", "only-in-additional-list": true },
      ],
      subnet4: [{ ...LAN, "evaluate-additional-classes": ["late", "plain"] }],
    });
    await discover(vendor("printer"));
    expect(linesOf("DHCP4_CLASSES_ASSIGNED")).toEqual([
      "client packet has been assigned on DHCPDISCOVER message to the following classes: ALL, VENDOR_CLASS_printer, printer, UNKNOWN",
    ]);
    expect(linesOf("DHCP4_CLASS_ASSIGNED")).toEqual(["client packet has been assigned to the following class: plain"]);
    expect(linesOf("EVAL_RESULT")).toEqual([
      "not in class voip: substring(option[60].hex,0,6) is 'printe'",
      "not in class late: option[61].exists is false",
    ]);
  });

  it("says so of dropped packets, too, and no client can break the line", async () => {
    await start({ "client-classes": [{ name: "DROP", test: "option[60].exists" }] });
    await discover(sending([60, hex("0a41")]));
    expect(linesOf("DHCP4_CLASSES_ASSIGNED")).toEqual([
      expect.stringMatching(/classes: ALL, VENDOR_CLASS_[^\n]*A, DROP$/),
    ]);
  });
});

it("PXE: BIOS, UEFI and HTTP boot clients get three files by class", async () => {
  const arch = (name: string, test: string, more: Dhcp4Text) => ({ name, test, "next-server": "192.0.2.254", ...more });
  await start({
    "client-classes": [
      arch("bios", "option[93].hex == 0x0000", { "boot-file-name": "undionly.kpxe" }),
      arch("uefi", "option[93].hex == 0x0007 or option[93].hex == 0x0009", { "boot-file-name": "ipxe.efi" }),
      arch("http", "substring(option[60].hex,0,10) == 'HTTPClient'", {
        "boot-file-name": "http://192.0.2.254/ipxe.efi",
        "option-data": [{ name: "vendor-class-identifier", data: "HTTPClient" }],
      }),
    ],
  });
  const boots = async (name: string, code: number) => {
    const offer = await discover(sending([60, text(name)], [93, [0, code]], [55, [60, 66, 67]]));
    return [offer?.siaddr, offer?.file, offer?.text(60)];
  };
  expect(await boots("PXEClient:Arch:00000:UNDI:002001", 0)).toEqual(["192.0.2.254", "undionly.kpxe", undefined]);
  expect(await boots("PXEClient:Arch:00007:UNDI:003016", 7)).toEqual(["192.0.2.254", "ipxe.efi", undefined]);
  expect(await boots("HTTPClient:Arch:00016:UNDI:003001", 16)).toEqual([
    "192.0.2.254",
    "http://192.0.2.254/ipxe.efi",
    "HTTPClient",
  ]);
  expect(await boots("x", 99)).toEqual(["0.0.0.0", "", undefined]);
});
