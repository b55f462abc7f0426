/** One definition serves both families: what `extensions4.test.ts` shows of DHCPv4, as far as DHCPv6 has a part in it. */
import { startingWith } from "@kotare/core/extensions/testing/module-file";
import { expect, it } from "vitest";
import { na, option, pd, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

const SUBNET = {
  id: 7,
  subnet: "2001:db8::/64",
  interface: "eth0",
  pools: [
    { pool: "2001:db8::10-2001:db8::1f", "client-class": "printers" },
    { pool: "2001:db8::100-2001:db8::1ff", "client-class": "others" },
  ],
  "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
};

async function start(body: string) {
  const server = await TestServer6.start({
    subnet6: [SUBNET],
    "client-classes": [{ name: "printers" }, { name: "others", test: "not member('printers')" }],
    "option-data": [{ name: "dns-servers", data: "2001:db8::53" }],
    "hooks-libraries": [{ library: startingWith(body) }],
  });
  return { server, client: new TestClient6(server, 1), other: new TestClient6(server, 2) };
}

const given = /(2001:\S+) /;

it("identify gives classes, by DUID or by hardware address", async () => {
  const { client, other } = await start(`return { identify: ({ clientId, mac, type, family }) => ({
    classes: clientId?.at(-1) === 1 && mac === "1a:1b:1c:1d:1e:1f" && type === "SOLICIT" && family === 6 ? ["printers"] : [],
  }) };`);
  const sourceMac = Uint8Array.of(0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f);
  for (const each of [client, other]) each.ingress = { sourceMac };
  expect((await client.solicit(na(1)))?.ias[0]).toMatch("2001:db8::10 ");
  expect((await other.solicit(na(1)))?.ias[0]).toMatch("2001:db8::100 ");
});

const data = (text: string) => `new Uint8Array(Buffer.from("${text}"))`;

it.each<[string, Record<number, string | undefined>]>([
  [`{ kind: "add", code: 59, data: ${data("tftp")} }`, { 59: "tftp", 23: " \x01\r¸\0\0\0\0\0\0\0\0\0\0\0S" }],
  [`{ kind: "add", code: 23, data: ${data("abcd")} }`, { 23: " \x01\r¸\0\0\0\0\0\0\0\0\0\0\0S" }],
  [`{ kind: "supersede", code: 23, data: ${data("abcd")} }`, { 23: "abcd" }],
  [`{ kind: "supersede", code: 39, data: ${data("abcd")} }`, { 39: "abcd", 23: " \x01\r¸\0\0\0\0\0\0\0\0\0\0\0S" }],
  [`{ kind: "remove", code: 23 }, { kind: "remove", code: 39 }`, { 23: undefined, 39: undefined }],
  // The exchange's own.
  [`{ kind: "remove", code: 1 }, { kind: "supersede", code: 2, data: ${data("x")} }`, { 1: "\0\x02\0\0\0\t\0\x01" }],
])("shape: %s", async (edits, expected) => {
  const { client } = await start(`return { shape: () => ({ options: [${edits}] }) };`);
  const reply = await client.request(na(1), option(6, "0017"), option(39, "0005616c696365"));
  expect(reply?.ias).toEqual([expect.stringMatching(given)]);
  for (const [code, value] of Object.entries(expected)) {
    const payload = reply!.message.option(Number(code));
    expect(payload && Buffer.from(payload).toString("latin1"), code).toBe(value);
  }
});

it("shape sees what the client is given, and may let it go without an answer", async () => {
  const { server, client } = await start(
    "return { shape: (query, answer) => ({ drop: [...query.classes, answer.type, answer.leases, answer.subnetId, answer.hostname].join() }) };",
  );
  expect(await client.request(na(1), pd(2))).toBeUndefined();
  expect(server.log.lines.join()).toContain(
    "extension test: ALL,others,UNKNOWN,REPLY,2001:db8::100,2001:db8:8000::/56,7,",
  );
  expect(server.leases()).toEqual([]);
});

it.each(["identify", "shape"])("a fault of %s costs the packet that it was asked about", async (what) => {
  const { server, client, other } = await start(
    `return { ${what}({ clientId }) { if (clientId.at(-1) === 1) throw new Error("planted"); } };`,
  );
  expect(await client.request(na(1))).toBeUndefined();
  expect((await other.request(na(1)))?.ias[0]).toMatch(given);
  expect(server.drops).toEqual(["extension-failed"]);
  expect(server.log.lines.filter((line) => line.startsWith("EXTENSION_FAILED"))).toHaveLength(1);
});

it("observe is told of what came about", async () => {
  const { server, client } = await start(`return { observe(events) {
    for (const { query, answer } of events) log.warn([query.type, answer.type, ...answer.leases, query.option(14)].join(" "));
  } };`);
  await client.request(na(1), option(14));
  await client.release(na(1, "2001:db8::100"));
  await expect
    .poll(() => server.log.lines.filter((line) => line.startsWith("EXTENSION_SAYS")))
    .toEqual(["EXTENSION_SAYS_WARN test: REQUEST REPLY 2001:db8::100 ", "EXTENSION_SAYS_WARN test: RELEASE REPLY "]);
});

it("commit is asked about what packets change, all of a packet at once, and may refuse it", async () => {
  const { server, client, other } = await start(`return { commit(events) {
    for (const { changes } of events) log.warn(changes.map(({ kind, lease }) =>
      [kind, lease["ip-address"], lease["prefix-len"], lease.type, lease.iaid, lease.state].join(" ")).join(", "));
    return new Map(events.filter(({ query }) => query.clientId.at(-1) === 2).map((event) => [event, "no"]));
  } };`);
  expect((await client.request(na(1), pd(2)))?.type).toBe("REPLY");
  expect((await client.release(na(1, "2001:db8::100")))?.type).toBe("REPLY");
  expect(await other.request(na(1))).toBeUndefined();
  expect(server.drops).toEqual(["extension-drop"]);
  expect(server.log.lines.filter((line) => line.startsWith("EXTENSION_SAYS"))).toEqual([
    "EXTENSION_SAYS_WARN test: put 2001:db8::100  IA_NA 1 0, put 2001:db8:8000:: 56 IA_PD 2 0",
    "EXTENSION_SAYS_WARN test: put 2001:db8::100  IA_NA 1 2",
    "EXTENSION_SAYS_WARN test: put 2001:db8::101  IA_NA 1 0",
  ]);
});
