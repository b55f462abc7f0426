/** Facts that extensions find out while packets wait: in their batch, or parked. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { startingWith } from "@kotare/core/extensions/testing/module-file";
import { readMessage4 } from "@kotare/testkit/read-message4";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { macOf, TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";

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

describe("facts", () => {
  /** What it is asked at a time is in the log; a fact is the key's last digit. */
  const asking = (facts: string, key = "mac") => `return {
    facts: { ${facts} },
    identify: ({ mac }, ask) => ({ classes: ask(${key}) === "1" ? ["printers"] : [] }),
  };`;
  const LOAD = "(keys) => { log.info(keys.join()); return new Map(keys.map((key) => [key, key.at(-1)])); }";
  const asked = (server: TestServer4) =>
    server.log.lines
      .filter((line) => line.startsWith("EXTENSION_SAYS_INFO"))
      .map((line) => line.slice("EXTENSION_SAYS_INFO test: ".length));

  it.each(["load: ", "load: async "])(
    "are asked for once for all packets of a batch, which waits for them (%s)",
    async (load) => {
      const server = await start(startingWith(asking(load + LOAD)));
      const messages = [1, 2, 1, 3].map((number) => new TestClient4(server, number).discoverMessage());
      const replies = await server.serve(...messages);
      expect(replies.map(({ yiaddr }) => yiaddr)).toEqual(["192.0.2.10", "192.0.2.100", "192.0.2.10", "192.0.2.101"]);
      expect(asked(server)).toEqual([`${macOf(1)},${macOf(2)},${macOf(3)}`]);
      expect(server.counts()).toMatchObject({ "pkt4-received": 4, "pkt4-offer-sent": 4 });
    },
  );

  it("what there is no fact of is asked for once; one may lead to the next", async () => {
    const body = `return {
      facts: { load: ${LOAD} },
      identify: ({ mac }, ask) => ({ classes: ask(ask("a") + ask("missing")) === undefined ? ["printers"] : [] }),
    };`.replace("[key, key.at(-1)]", 'key === "missing" ? ["b", 0] : [key, key]');
    const server = await start(startingWith(body));
    expect(await addressOf(server, 1)).toBe("192.0.2.100");
    expect(asked(server)).toEqual(["a,missing", "aundefined"]);
  });

  it.each([
    ["throws", 'load() { throw new Error("planted"); }', "planted"],
    ["rejects", 'load: async () => { throw new Error("planted"); }', "planted"],
    ["gives no map", "load: () => ({})", "facts has to give a Map"],
    ["gives nothing", "load() {}", "facts has to give a Map"],
  ])("if their source %s, the packets that asked are lost", async (_, facts, words) => {
    const server = await start(
      startingWith(asking(facts, `mac === "${macOf(2)}" ? 'x' : mac`).replace("ask(mac", "mac && ask(mac")),
    );
    const replies = await server.serve(new TestClient4(server, 1).discoverMessage());
    expect(replies).toEqual([]);
    expect(server.drops()).toEqual(["extension-failed"]);
    expect(server.log.lines.find((line) => line.startsWith("EXTENSION_FAILED"))).toContain(words);
  });

  it("if a key is no text, or there is always another one, the packet is lost", async () => {
    const number = await start(startingWith(asking(`load: ${LOAD}`, "7")));
    expect(await addressOf(number, 1)).toBeUndefined();
    expect(number.drops()).toEqual(["extension-failed"]);
    const endless = await start(startingWith(`let n = 0; ${asking(`load: ${LOAD}`, "String(n++)")}`));
    expect(await addressOf(endless, 1)).toBeUndefined();
    expect(endless.drops()).toEqual(["commit-failed"]);
    expect(asked(endless)).toHaveLength(5);
  });

  it("if their source never answers, the packets that asked are lost after a second", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const server = await start(startingWith(asking("load: () => new Promise(() => {})")));
    const served = server.serve(new TestClient4(server, 1).discoverMessage());
    await vi.advanceTimersByTimeAsync(1000);
    expect(await served).toEqual([]);
    expect(server.log.lines.join()).toContain("extension test: facts has not come to its end in 1 s");
  });
});

describe("slow facts", () => {
  /** Facts come when the command says so: of a key, what is given. */
  const BODY = `const waiting = new Map(); return {
    facts: { isSlow: true, load: (keys) => new Promise((resolve, reject) => waiting.set(keys.join(), { resolve, reject })) },
    identify: ({ mac }, ask) => {
      if (mac === "${macOf(9)}") return undefined;
      return { classes: ask(mac) === "yes" ? ["printers"] : [] };
    },
    commands: [{ name: "answer", access: "write", arguments: z.object({ key: z.string(), fact: z.string() }), run({ key, fact }) {
      const { resolve, reject } = waiting.get(key);
      if (fact === "fault") reject(new Error("planted")); else resolve(new Map([[key, fact]]));
      return { result: 0 };
    } }],
  };`;

  async function startSlow(limit = 256) {
    const server = await TestServer4.start({
      subnet4: [SUBNET],
      "client-classes": CLASSES,
      "parked-packet-limit": limit,
      "hooks-libraries": [{ library: startingWith(BODY) }],
    });
    const answer = (number: number, fact: string) => server.ask("answer", { key: macOf(number), fact });
    const sent = () => server.transport.takeSent().map(({ payload }) => readMessage4(payload));
    return { server, answer, sent };
  }

  it("are waited for by the packets that asked, and by no other", async () => {
    const { server, answer, sent } = await startSlow();
    const messages = [1, 9, 2].map((number) => new TestClient4(server, number).discoverMessage());
    const replies = await server.serve(...messages);
    expect(replies.map(({ chaddr }) => chaddr)).toEqual([macOf(9)]);
    await answer(2, "no");
    await expect
      .poll(() => sent().map(({ chaddr, yiaddr }) => `${chaddr} ${yiaddr}`))
      .toEqual([`${macOf(2)} 192.0.2.101`]);
    await answer(1, "yes");
    await expect
      .poll(() => sent().map(({ chaddr, yiaddr }) => `${chaddr} ${yiaddr}`))
      .toEqual([`${macOf(1)} 192.0.2.10`]);
    expect(server.counts()).toMatchObject({ "pkt4-received": 3, "pkt4-discover-received": 3, "pkt4-offer-sent": 3 });
    expect(server.drops()).toEqual([]);
  });

  it("the packet has bytes of its own while it waits", async () => {
    const { server, answer, sent } = await startSlow();
    const message = new TestClient4(server, 1).discoverMessage();
    await server.serve(message);
    message.payload.fill(0xff);
    for (let i = 0; i < 4; i++) await server.serve(new TestClient4(server, 9).discoverMessage());
    await answer(1, "yes");
    await expect.poll(() => sent().map(({ chaddr }) => chaddr)).toEqual([macOf(1)]);
  });

  it("a fault costs the packet that asked", async () => {
    const { server, answer } = await startSlow();
    await server.serve(new TestClient4(server, 1).discoverMessage());
    await answer(1, "fault");
    await expect.poll(() => server.drops()).toEqual(["extension-failed"]);
    expect(server.log.lines.join()).toContain("extension test: planted");
  });

  it("if more packets wait than may, the oldest gives way", async () => {
    const { server, answer, sent } = await startSlow(2);
    for (const number of [1, 2, 3]) await server.serve(new TestClient4(server, number).discoverMessage());
    expect(server.drops()).toEqual(["parked-full"]);
    expect(server.counts()).toMatchObject({ "pkt4-queue-full": 1, "pkt4-receive-drop": 1 });
    for (const number of [1, 2, 3]) await answer(number, "yes");
    await expect.poll(() => sent().map(({ chaddr }) => chaddr)).toEqual([macOf(2), macOf(3)]);
  });
});

it("the example that asks an HTTP service gives a client its options, and serves it without while the service is away", async () => {
  const service = createServer((request, response) => {
    if (request.url !== `/options/${macOf(1)}`) response.statusCode = 404;
    response.end('{"67": "boot.efi"}');
  });
  await once(service.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void service.close());
  const { port } = service.address() as AddressInfo;
  const library = fileURLToPath(new URL("http-options.mjs", EXAMPLES));
  const server = await start(library, { url: `http://127.0.0.1:${port}/options` });
  const offerTo = async (number: number) => {
    await server.serve(new TestClient4(server, number).discoverMessage());
    const [sent] = await vi.waitUntil(() => {
      const replies = server.transport.takeSent();
      return replies.length > 0 && replies;
    }, 60_000);
    return Buffer.from(readMessage4(sent!.payload).option(67) ?? []).toString();
  };
  expect(await offerTo(1)).toBe("boot.efi");
  expect(await offerTo(2)).toBe("");
  service.closeAllConnections();
  service.close();
  expect(await offerTo(1)).toBe("");
  expect(server.log.lines.join()).toContain(
    `http-options: http://127.0.0.1:${port}/options says nothing about ${macOf(1)}`,
  );
});
