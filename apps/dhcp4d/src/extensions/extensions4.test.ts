/** Extensions in the packet path: what they say counts, and a fault of theirs costs the packet that they were asked about. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startingWith } from "@kotare/core/extensions/testing/module-file";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { macOf, TestClient4 } from "../testing/test-client4.ts";
import { type TestReply4, TestServer4 } from "../testing/test-server4.ts";

const EXAMPLES = new URL("../../../../deploy/extensions/", import.meta.url);
const SUBNET = {
  id: 7,
  subnet: "192.0.2.0/24",
  pools: [
    { pool: "192.0.2.10-192.0.2.19", "client-class": "printers" },
    { pool: "192.0.2.100-192.0.2.199", "client-class": "others" },
  ],
};
const CLASSES = [{ name: "printers" }, { name: "others", test: "not member('printers')" }];

function start(library: string, parameters: object = {}): Promise<TestServer4> {
  return TestServer4.start({
    subnet4: [SUBNET],
    "client-classes": CLASSES,
    "hooks-libraries": [{ library, parameters }],
  });
}

async function addressOf(server: TestServer4, number: number): Promise<string | undefined> {
  return (await new TestClient4(server, number).discover())?.yiaddr;
}

describe("identify", () => {
  it("gives classes that tests of other classes see", async () => {
    const library = startingWith(`return { identify: ({ mac, type, family, interface: name, option }) => ({
      classes: mac === "${macOf(1)}" && type === "DHCPDISCOVER" && family === 4 && name === "eth0" ? ["printers"] : [],
    }) };`);
    const server = await start(library);
    expect(await addressOf(server, 1)).toBe("192.0.2.10");
    expect(await addressOf(server, 2)).toBe("192.0.2.100");
  });

  it("reads options and the client identifier", async () => {
    const library = startingWith(`return { identify(query) {
      const vendor = query.option(60);
      return vendor?.toString() === query.clientId?.toString() ? { classes: ["printers"] } : undefined;
    } };`);
    const server = await start(library);
    const ask = (bytes: number[]) =>
      new TestClient4(server, 1, { clientId: Uint8Array.of(1, 2, 3) }).discover({ options: [[60, bytes]] });
    expect((await ask([1, 2, 3]))?.yiaddr).toBe("192.0.2.10");
    expect((await ask([1, 2, 4]))?.yiaddr).toBe("192.0.2.100");
  });

  it("may leave a message to others, and says why; it is told how long the client has tried", async () => {
    const library = startingWith(`return {
      identify: ({ mac, elapsed }) => ({ ...(mac === "${macOf(1)}" && { drop: "a client of " + elapsed }) }),
    };`);
    const server = await start(library);
    for (const secs of [7, 0x0700, 0x0701]) await new TestClient4(server, 1).discover({ secs });
    expect(await addressOf(server, 2)).toBe("192.0.2.100");
    expect(server.drops()).toEqual(["extension-drop", "extension-drop", "extension-drop"]);
    const told = server.log.lines.flatMap((line) => /extension test: a client of (\d+)/.exec(line)?.slice(1) ?? []);
    expect(told).toEqual(["7000", "7000", "1793000"]);
  });

  it.each([
    ["throws", 'throw new TypeError("planted");', "planted"],
    ["gives a promise", 'return Promise.reject(new Error("nobody waits"));', "identify has to answer at once"],
    [
      "gives no class of a subnet",
      "return { subnetFor: { poolClass: 1 } };",
      "identify gave a subnet's class that is not a name",
    ],
    ["gives no address", 'return { subnetFor: { address: "a" } };', "identify gave a, which no subnet can contain"],
    ["gives no names", "return { classes: [1] };", "identify gave classes that are not names"],
    ["gives no list", 'return { classes: "printers" };', "every is not a function"],
  ])("if it %s, only the packet concerned is lost", async (_, fault, words) => {
    const body = `return { identify({ mac }) { if (mac === "${macOf(1)}") { ${fault} } return { classes: ["printers"] }; } };`;
    const server = await start(startingWith(body));
    const messages = [1, 2, 1].map((number) => new TestClient4(server, number).discoverMessage());
    const replies = await server.serve(...messages);
    expect(replies.map(({ chaddr }) => chaddr)).toEqual([macOf(2)]);
    expect(server.drops()).toEqual(["extension-failed", "extension-failed"]);
    expect(server.counts()).toMatchObject({ "pkt4-receive-drop": 2, "pkt4-processing-failed": 2 });
    const told = server.log.lines.filter((line) => line.startsWith("EXTENSION_FAILED"));
    expect(told).toEqual([expect.stringContaining("extension test failed; 1 packets not answered: ")]);
    expect(told[0]).toContain(words);
    expect(server.log.lines.find((line) => line.startsWith("DHCP4_PACKET_DROP"))).toContain(
      "dropped, extension-failed: an extension has a fault; see the log (-) extension test: ",
    );
  });
});

describe("shape", () => {
  /** Options of an OFFER: 6 is configured and asked for, 51 and 58 are the exchange's. */
  async function replyAfter(edits: string): Promise<TestReply4> {
    const library = startingWith(`return { shape: (query, answer) => ({ options: [${edits}] }) };`);
    const server = await TestServer4.start({
      subnet4: [{ ...SUBNET, pools: [{ pool: "192.0.2.10-192.0.2.19" }] }],
      "option-data": [{ name: "domain-name-servers", data: "192.0.2.53" }],
      "hooks-libraries": [{ library }],
    });
    return (await new TestClient4(server, 1).discover({ options: [[55, [6]]] }))!;
  }
  const bytes = (text: string) => `new Uint8Array(Buffer.from("${text}"))`;

  it.each<[string, Record<number, string | undefined>]>([
    [`{ kind: "add", code: 67, data: ${bytes("boot")} }`, { 67: "boot", 6: "\xc0\0\x025" }],
    [`{ kind: "add", code: 6, data: ${bytes("abcd")} }`, { 6: "\xc0\0\x025" }],
    [`{ kind: "add", code: 51, data: ${bytes("abcd")} }`, { 51: "\0\0\x1c " }],
    [`{ kind: "supersede", code: 6, data: ${bytes("abcd")} }`, { 6: "abcd" }],
    [`{ kind: "supersede", code: 58, data: ${bytes("abcd")} }`, { 58: "abcd" }],
    [`{ kind: "remove", code: 6 }, { kind: "remove", code: 58 }`, { 6: undefined, 58: undefined, 53: "\x02" }],
    [`{ kind: "remove", code: 6 }, { kind: "add", code: 6, data: ${bytes("wxyz")} }`, { 6: "wxyz" }],
    [`{ kind: "add", code: 200, data: ${bytes("x".repeat(300))} }`, { 200: "x".repeat(300) }],
  ])("%s", async (edits, expected) => {
    const reply = await replyAfter(edits);
    for (const [code, value] of Object.entries(expected)) {
      const payload = reply.option(Number(code));
      expect(payload && Buffer.from(payload).toString("latin1"), code).toBe(value);
    }
  });

  it("sees what the client is given, and its classes", async () => {
    const library = startingWith(`return { shape: (query, answer) => {
      const text = JSON.stringify([...query.classes].join() + " " + [answer.type, answer.leases, answer.subnetId, answer.hostname].join());
      return { options: [{ kind: "supersede", code: 15, data: new Uint8Array(Buffer.from(text)) }] };
    } };`);
    const server = await TestServer4.start({
      subnet4: [{ ...SUBNET, pools: [{ pool: "192.0.2.10-192.0.2.19" }] }],
      "hooks-libraries": [{ library }],
    });
    const client = new TestClient4(server, 1);
    const seen = (reply: TestReply4 | undefined) => Buffer.from(reply!.option(15)!).toString();
    const named = { options: [[12, Buffer.from("alice")]] } as const;
    expect(seen(await client.discover(named))).toBe('"ALL,UNKNOWN DHCPOFFER,192.0.2.10,7,alice"');
    expect(seen(await client.select("192.0.2.10", named))).toBe('"ALL,UNKNOWN DHCPACK,192.0.2.10,7,alice"');
    expect(seen(await client.reboot("198.51.100.1"))).toBe('"ALL,UNKNOWN DHCPNAK,,,"');
  });

  it("may change what the client gets: name, lifetime, whether it is in the DNS; the lease says the same", async () => {
    const library = startingWith(`return { shape: ({ mac }, { hostname }) => mac === "${macOf(1)}"
      ? { hostname: hostname + "-x", lifetime: 77, updatesDns: false } : {} };`);
    const server = await start(library);
    const [one, two] = [new TestClient4(server, 1), new TestClient4(server, 2)];
    const named = { options: [[12, Buffer.from("alice")]] } as const;
    const [first, second] = [await one.bind(named), await two.bind(named)];
    expect([first.text(12), first.u32(51)]).toEqual(["alice-x", 77]);
    expect(server.lease(first.yiaddr)).toMatchObject({ hostname: "alice-x", validLifetime: 77, fqdnFwd: false });
    expect([second.text(12), second.u32(51)]).toEqual(["alice", 7200]);
  });

  it("one after the other, they see what those before them have changed", async () => {
    const appending = (text: string) =>
      startingWith(`return { shape: (_, { hostname }) => ({ hostname: hostname + "${text}" }) };`);
    const server = await TestServer4.start({
      subnet4: [SUBNET],
      "client-classes": CLASSES,
      "hooks-libraries": [{ library: appending("-a") }, { library: appending("-b") }],
    });
    const ack = await new TestClient4(server, 1).bind({ options: [[12, Buffer.from("alice")]] });
    expect(ack.text(12)).toBe("alice-a-b");
  });

  it("may let a client go without an answer, and says why", async () => {
    const library = startingWith(`return { shape: ({ mac }) => mac === "${macOf(1)}" ? { drop: "too many" } : {} };`);
    const server = await start(library);
    expect(await addressOf(server, 1)).toBeUndefined();
    expect(await addressOf(server, 2)).toBe("192.0.2.100");
    expect(server.drops()).toEqual(["extension-drop"]);
    expect(server.log.lines.join()).toContain("an extension wants it so (-) extension test: too many");
  });

  it.each([
    ["throws", 'throw new Error("planted");', "planted"],
    ["gives a promise", "return Promise.resolve({});", "shape has to answer at once, and gave a promise"],
    ["gives edits that are none", "return { options: [{ kind: 'add', code: 6 }] };", "an edit of options that is none"],
    ["gives edits of nothing", "return { options: [{ kind: 'remove', code: 0 }] };", "an edit of options that is none"],
    ["gives no list", "return { options: 7 };", "not iterable"],
    ["gives no name", 'return { hostname: "a..b" };', "a hostname that is none"],
    ["gives no text", "return { hostname: 7 };", "a hostname that is none"],
    ["gives no lifetime", "return { lifetime: 0 };", "a lifetime that is none"],
  ])("if it %s, only the packet concerned is lost, and has no lease", async (_, fault, words) => {
    const library = startingWith(
      `return { shape({ mac, type }) { if (mac === "${macOf(1)}" && type === "DHCPREQUEST") { ${fault} } } };`,
    );
    const server = await start(library);
    const [one, two] = [new TestClient4(server, 1), new TestClient4(server, 2)];
    for (const client of [one, two]) await client.discover();
    const replies = await server.serve(one.selectMessage("192.0.2.100"), two.selectMessage("192.0.2.101"));
    expect(replies.map(({ chaddr, type }) => `${type} ${chaddr}`)).toEqual([`ACK ${two.mac}`]);
    expect(server.drops()).toEqual(["extension-failed"]);
    expect(server.leases()).toEqual([`192.0.2.101 ${two.mac} assigned`]);
    expect(server.log.lines.find((line) => line.startsWith("EXTENSION_FAILED"))).toContain(words);
  });
});

describe("observe", () => {
  it("is told of what came about when it is durable, once, and may keep it", async () => {
    const library = startingWith(`const told = []; return {
      observe: (events) => void told.push(...events),
      commands: [{ name: "told", access: "read", run: () => ({
        result: 0,
        arguments: told.map(({ kind, query, answer }) => [kind, query.type, query.mac, String(query.option(12)), answer.type, ...answer.leases].join(" ")),
      }) }],
    };`);
    const server = await start(library);
    const client = new TestClient4(server, 1);
    await client.bind({ options: [[12, [1, 2]]] });
    server.breakDisk();
    await client.renew("192.0.2.100");
    server.mendDisk();
    await client.release("192.0.2.100");
    await vi.waitFor(async () => expect((await server.ask("told")).arguments).toHaveLength(3), 60_000);
    expect((await server.ask("told")).arguments).toEqual([
      `exchange DHCPDISCOVER ${client.mac} 1,2 DHCPOFFER 192.0.2.100`,
      `exchange DHCPREQUEST ${client.mac} 1,2 DHCPACK 192.0.2.100`,
      `exchange DHCPRELEASE ${client.mac} undefined  192.0.2.100`,
    ]);
  });

  it.each([
    ["throws", 'throw new Error("planted");'],
    ["rejects", 'return Promise.reject(new Error("planted"));'],
  ])("if it %s, that is said, once in ten seconds, and it is told the next thing", async (_, fault) => {
    const server = await start(startingWith(`return { observe() { log.warn("asked"); ${fault} } };`));
    const told = (words: string) => server.log.lines.filter((line) => line.includes(words));
    for (const count of [1, 2]) {
      expect(await addressOf(server, 1)).toBe("192.0.2.100");
      await vi.waitFor(() => expect(told("test: asked")).toHaveLength(count), 60_000);
    }
    const failed = "EXTENSION_OBSERVER_FAILED extension test: planted; it was told of 1 events";
    await vi.waitFor(() => expect(told("OBSERVER_FAILED")).toEqual([failed]), 60_000);
  });

  it("if it does not come to an end, packets are served, and what it cannot take is let go", async () => {
    const server = await start(startingWith("return { observe: () => new Promise(() => {}) };"));
    for (let i = 0; i < 10; i++) expect(await addressOf(server, 1)).toBe("192.0.2.100");
  });
});

describe("commands", () => {
  const library = () =>
    startingWith(`return { commands: [
      { name: "add", access: "read", arguments: z.object({ a: z.int(), b: z.int() }), run: ({ a, b }) => ({ result: 0, text: "sum", arguments: { sum: a + b } }) },
      { name: "fail", access: "write", run() { throw new Error("planted"); } },
      { name: "reject", access: "read", run: async () => { throw new Error("planted"); } },
      { name: "linger", access: "read", longest: 1, run: () => new Promise(() => {}) },
      { name: "babble", access: "read", run: () => 7 },
      { name: "version-get", access: "read", run: () => ({ result: 0, text: "mine" }) },
    ] };`);

  it.each([
    ["add", { a: 1, b: 2 }, { result: 0, text: "sum", arguments: { sum: 3 } }],
    ["add", { a: 1 }, { result: 1, text: 'arguments.b: is missing; write "b"' }],
    ["fail", undefined, { result: 1, text: "Error during command processing: extension test: planted" }],
    ["reject", undefined, { result: 1, text: "Error during command processing: extension test: planted" }],
    ["linger", undefined, { result: 1, text: expect.stringContaining("linger has not come to its end in 0.001 s") }],
    ["babble", undefined, { result: 1, text: expect.stringContaining("extension test: its answer is none") }],
  ])("%s %j", async (command, given, answer) => {
    const server = await start(library());
    expect(await server.ask(command, given)).toEqual(answer);
  });

  it("are listed, and do not take the place of the daemon's own; the log says so", async () => {
    const server = await start(library());
    const { arguments: names } = await server.ask("list-commands");
    expect(names).toEqual(expect.arrayContaining(["add", "babble", "config-get"]));
    expect((names as unknown as string[]).filter((name) => name === "version-get")).toHaveLength(1);
    expect(await server.ask("version-get")).not.toMatchObject({ text: "mine" });
    expect(server.log.lines).toContain(
      "EXTENSION_COMMAND_HIDDEN command version-get of extension test is not there: the daemon has a command of this name",
    );
  });
});

it("the example of MAC addresses gives a class, and sees changes of its file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "macs-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "macs");
  writeFileSync(file, `# printers\n${macOf(1).toUpperCase()} # first floor\n\n`);
  const server = await start(fileURLToPath(new URL("mac-classes.mjs", EXAMPLES)), { file, class: "printers" });
  expect(await addressOf(server, 1)).toBe("192.0.2.10");
  expect(await addressOf(server, 2)).toBe("192.0.2.100");
  writeFileSync(`${file}.new`, macOf(2));
  renameSync(`${file}.new`, file);
  await vi.waitFor(
    () => expect(server.log.lines).toContain(`EXTENSION_SAYS_INFO mac-classes: ${file} has 1 addresses now`),
    60_000,
  );
  expect(await addressOf(server, 2)).toBe("192.0.2.11");
});
