/** What classes change for DHCPv6 clients, on the whole packet path. */
import { describe, expect, it } from "vitest";
import { na, option, type Part6, pd, TestClient6 } from "../testing/test-client6.ts";
import { type Dhcp6Text, TestServer6 } from "../testing/test-server6.ts";

const LAN = { id: 1, subnet: "2001:db8::/64", pools: [{ pool: "2001:db8::10-2001:db8::19" }] };
const PHONE = { name: "phone", test: "vendor-class[4491].data[0] == 'phone'" };

/** Option 16 of enterprise 4491 with one text. */
const vendor = (name: string): Part6 => {
  const text = Buffer.from(name).toString("hex");
  return option(16, `0000118b${name.length.toString(16).padStart(4, "0")}${text}`);
};
/** Asks for options. */
const oro = (...codes: number[]): Part6 => option(6, codes.map((code) => code.toString(16).padStart(4, "0")).join(""));

let server: TestServer6;

async function start(config: Dhcp6Text): Promise<void> {
  server = await TestServer6.start({ "client-classes": [PHONE], subnet6: [LAN], ...config });
}

const client = (number: number) => new TestClient6(server, number);
/** What the associations are offered, without their times. */
const offered = async (number: number, ...parts: readonly Part6[]): Promise<string> => {
  const reply = await client(number).solicit(...parts);
  const texts = reply?.ias.map((ia) => ia.replace(/^(\w+ \d+) \d+ \d+/, "$1").replace(/ \d+\/\d+$/, ""));
  return texts?.join(", ") ?? server.drops.at(-1)!;
};

describe("guards", () => {
  it("a pool is for its classes only, and so is a pool of prefixes", async () => {
    const guard = { "client-class": "phone" };
    const prefixes = { "prefix-len": 56, "delegated-len": 60 };
    await start({
      subnet6: [
        {
          ...LAN,
          pools: [{ pool: "2001:db8::10/128", ...guard }, { pool: "2001:db8::20/128" }],
          "pd-pools": [
            { prefix: "2001:db8:8000::", ...prefixes, ...guard },
            { prefix: "2001:db8:9000::", ...prefixes },
          ],
        },
      ],
    });
    expect(await offered(1, na(1, "2001:db8::10"), pd(2, "2001:db8:8000::/60"))).toBe(
      "na 1 2001:db8::20, pd 2 2001:db8:9000::/60",
    );
    expect(await offered(2, vendor("phone"), na(1), pd(2))).toBe("na 1 2001:db8::10, pd 2 2001:db8:8000::/60");
    const request = (...parts: readonly Part6[]) => client(2).request(...parts, na(1), pd(2));
    await request(vendor("phone"));
    await request();
    expect(server.leases()).toEqual(["2001:db8::20/128 iaid 1 assigned", "2001:db8:9000:10::/60 iaid 2 assigned"]);
  });

  it("a subnet is for its classes only, and so are shared networks and subnets in them", async () => {
    const direct = { interface: "eth0" };
    await start({
      subnet6: [
        { ...LAN, ...direct, "client-class": "phone" },
        { id: 2, subnet: "2001:db8:1::/64", pools: [{ pool: "2001:db8:1::10/128" }], ...direct },
      ],
    });
    expect(await offered(1, na(1))).toBe("na 1 2001:db8:1::10");
    expect(await offered(2, na(1), vendor("phone"))).toBe("na 1 2001:db8::10");
    const inner = { id: 2, subnet: "2001:db8:1::/64", pools: [{ pool: "2001:db8:1::10/128" }] };
    const guarded = { ...LAN, pools: [{ pool: "2001:db8::10/128" }], "client-class": "KNOWN" };
    await start({
      subnet6: [],
      "shared-networks": [{ name: "n", ...direct, "client-class": "phone", subnet6: [guarded, inner] }],
      reservations: [{ duid: client(2).duid }],
      "reservations-global": true,
    });
    expect(await offered(1, na(1))).toBe("na 1 NoAddrsAvail");
    expect(await offered(1, na(1), vendor("phone"))).toBe("na 1 2001:db8:1::10");
    expect(await offered(2, na(1), vendor("phone"))).toBe("na 1 2001:db8::10");
  });

  it("classes that a reservation gives choose pools", async () => {
    const pools = [{ pool: "2001:db8::10/128", "client-class": "vip" }, { pool: "2001:db8::20/128" }];
    const duid = "00:02:00:00:00:09:00:01";
    await start({ subnet6: [{ ...LAN, pools, reservations: [{ duid, "client-classes": ["vip"] }] }] });
    expect(await offered(1, na(1))).toBe("na 1 2001:db8::10");
    expect(await offered(2, na(1))).toBe("na 1 2001:db8::20");
  });
});

it("DROP: no answer; REJECT: an answer without anything", async () => {
  await start({
    "client-classes": [
      { name: "DROP", test: "vendor-class[4491].data == 'x'" },
      { name: "REJECT", test: "vendor-class[4491].data == 'y'" },
    ],
  });
  expect(await offered(1, na(1), vendor("x"))).toBe("class-drop");
  expect(server.statistics.global["pkt6-admin-filtered"].value).toBe(1);
  expect(await offered(1, na(1), pd(2), vendor("y"))).toBe("na 1 NoAddrsAvail, pd 2 NoPrefixAvail");
  expect((await client(1).request(na(1), vendor("y")))?.ias).toEqual(["na 1 0 0 NoAddrsAvail"]);
  expect(await offered(1, na(1))).toBe("na 1 2001:db8::10");
});

describe("what a class gives", () => {
  it("lifetimes", async () => {
    const times = { "valid-lifetime": 100, "max-valid-lifetime": 200, "preferred-lifetime": 80 };
    await start({ "client-classes": [{ ...PHONE, ...times }], "valid-lifetime": 4000 });
    expect((await client(1).solicit(na(1), vendor("phone")))?.ias).toEqual(["na 1 40 64 2001:db8::10 80/100"]);
    const asking = na(1, "2001:db8::10 150/150");
    expect((await client(1).solicit(asking, vendor("phone")))?.ias).toEqual(["na 1 40 64 2001:db8::10 80/150"]);
    expect((await client(2).solicit(na(1)))?.ias).toEqual(["na 1 1250 2000 2001:db8::11 2500/4000"]);
  });

  it("options, also to those who ask for nothing else; the subnet's lie above them", async () => {
    const dns = (data: string) => ({ "option-data": [{ name: "dns-servers", data }] });
    const phone = { ...PHONE, ...dns("2001:db8::2") };
    await start({ "client-classes": [phone], ...dns("2001:db8::1") });
    const seen = async (...parts: readonly Part6[]) => {
      const reply = await client(1).send(11, oro(23), ...parts);
      return Buffer.from(reply?.message.option(23) ?? [])
        .toString("hex")
        .slice(-4);
    };
    expect([await seen(), await seen(vendor("phone"))]).toEqual(["0001", "0002"]);
    await start({ "client-classes": [phone], subnet6: [{ ...LAN, ...dns("2001:db8::3") }] });
    expect([await seen(), await seen(vendor("phone"))]).toEqual(["0003", "0003"]);
    await start({ "client-classes": [phone], subnet6: [] });
    expect([await seen(), await seen(vendor("phone"))]).toEqual(["", "0002"]);
  });

  it("options limited to classes, in a pool", async () => {
    const limited = { name: "bootfile-url", data: "http://a", "client-classes": ["phone"] };
    await start({ subnet6: [{ ...LAN, pools: [{ ...LAN.pools[0], "option-data": [limited] }] }] });
    const seen = async (number: number, ...parts: readonly Part6[]) =>
      (await client(number).solicit(na(1), oro(59), ...parts))?.message.option(59)?.length;
    expect([await seen(1, vendor("phone")), await seen(2)]).toEqual([8, undefined]);
  });

  it("additional classes: of pools, then of the subnet", async () => {
    const late = (name: string, data: string) => ({
      name,
      "only-in-additional-list": true,
      "option-data": [{ name: "bootfile-url", data }],
    });
    const pools = [{ pool: "2001:db8::10/128", "evaluate-additional-classes": ["b"] }, { pool: "2001:db8::20/128" }];
    const subnet6 = [{ ...LAN, pools, "evaluate-additional-classes": ["a"] }];
    await start({ "client-classes": [late("a", "a"), late("b", "bb")], subnet6 });
    const seen = async (number: number) => (await client(number).solicit(na(1), oro(59)))?.message.option(59)?.length;
    expect([await seen(1), await seen(2)]).toEqual([2, 1]);
  });
});

it("the log says in which classes a packet is, and what the tests of all others saw", async () => {
  await start({});
  await client(1).solicit(vendor("x"), na(1));
  const [assigned, missed] = server.log.lines.filter((line) => /^(DHCP6_CLASS|EVAL)/.test(line));
  expect(assigned).toMatch(/^DHCP6_CLASSES_ASSIGNED .* SOLICIT .*classes: ALL, VENDOR_CLASS_x, UNKNOWN$/);
  expect(missed).toMatch(/^EVAL_RESULT .*: not in class phone: vendor-class\[4491\]\.data\[0\] is 'x'$/);
});
