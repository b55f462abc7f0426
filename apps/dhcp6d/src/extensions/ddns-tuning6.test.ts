/** `libdhcp_ddns_tuning.so`, in DHCPv6: the answer, the lease and the DNS have the same name. */
import { expect, it } from "vitest";
import { na, option, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

const start = () =>
  TestServer6.start({
    subnet6: [
      {
        id: 7,
        subnet: "2001:db8::/64",
        pools: [{ pool: "2001:db8::10-2001:db8::1f" }],
        reservations: [{ duid: "00:02:00:00:00:09:00:09", hostname: "reserved" }],
      },
    ],
    "dhcp-ddns": { "enable-updates": true },
    "ddns-qualifying-suffix": "example.org",
    "client-classes": [{ name: "SKIP_DDNS", test: "option[16].exists" }],
    "hooks-libraries": [
      { library: "libdhcp_ddns_tuning.so", parameters: { "hostname-expr": "substring(option[15].hex, 2, all)" } },
    ],
  });

const fqdn = (name: string) => option(39, `01${Buffer.from([name.length, ...Buffer.from(name), 0]).toString("hex")}`);
const wanted = (name: string) => option(15, Buffer.from([0, name.length, ...Buffer.from(name)]).toString("hex"));

const OWN = "2001:db8::10";

it.each([
  [1, "own", "made", "01046d616465076578616d706c65036f726700", "made.example.org."],
  [1, "own", "Made.X", "01046d616465015800".replace("0158", "0178"), "Made.X"],
  [1, "own", "a..b", "01036f776e00", "own."],
  [9, "own", "made", "01046d616465076578616d706c65036f726700", "made.example.org."],
  [1, undefined, "made", undefined, ""],
])(
  "client %i, %j, whose expression comes to %j is told %j, and its lease says %j",
  async (number, own, name, told, kept) => {
    const server = await start();
    const parts = own === undefined ? [] : [fqdn(own)];
    const reply = await new TestClient6(server, number).request(na(1), wanted(name), ...parts);
    const payload = reply?.message.option(39);
    expect(payload && Buffer.from(payload).toString("hex")).toBe(told);
    const isPut = told !== undefined;
    expect(server.lease("address", OWN)).toMatchObject({ hostname: kept, fqdnFwd: isPut, fqdnRev: isPut });
  },
);

it("of the class SKIP_DDNS nothing is in the DNS, and it is told so", async () => {
  const server = await start();
  const reply = await new TestClient6(server, 1).request(
    na(1),
    fqdn("own"),
    wanted("made"),
    option(16, "000000010001ff"),
  );
  expect(Buffer.from(reply!.message.option(39)!).toString("hex")).toBe("06046d616465076578616d706c65036f726700");
  expect(server.lease("address", OWN)).toMatchObject({ hostname: "made.example.org.", fqdnFwd: false, fqdnRev: false });
});
