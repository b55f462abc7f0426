/** Facts that extensions find out while packets wait: in their batch, or parked. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { startingWith } from "@kotare/core/extensions/testing/module-file";
import { MemoryDatabase4 } from "@kotare/core/leases/testing/memory-database4";
import type { PacketPath } from "@kotare/core/server/packets/packet-path";
import { ip } from "@kotare/testkit/payloads";
import { readMessage4 } from "@kotare/testkit/read-message4";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Path4 } from "../path/outcome4.ts";
import { macOf, TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";
import type { TestServer4Options } from "../testing/test-server4-options.ts";

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
    // They may leave one after the other.
    const clients: string[] = [];
    const served = () => {
      clients.push(...sent().map(({ chaddr }) => chaddr));
      return clients;
    };
    await expect.poll(served).toEqual([macOf(2), macOf(3)]);
  });
});

describe("slow facts about what is offered", () => {
  /** As above, asked about the address; `used` is somebody else's. */
  const BODY = `const waiting = []; return {
    facts: { isSlow: true, load: ([key]) => new Promise((resolve) => waiting.push({ key, resolve })) },
    shape: ({ type }, { leases: [address] }, ask) => type === "DHCPDISCOVER" && ask(address) === "used" ? { inUse: true } : {},
    commands: [
      { name: "asked", access: "read", run: () => ({ result: 0, arguments: waiting.map(({ key }) => key) }) },
      { name: "answer", access: "write", arguments: z.object({ key: z.string(), fact: z.string() }), run({ key: which, fact }) {
        for (const { key, resolve } of waiting) if (key === which) resolve(new Map([[key, fact]]));
        return { result: 0 };
      } },
    ],
  };`;

  async function startSlow(config: Dhcp4Text = {}, options: TestServer4Options = {}) {
    const pools = [{ pool: "192.0.2.10-192.0.2.12" }];
    const server = await TestServer4.start(
      {
        subnet4: [{ ...SUBNET, pools }],
        "decline-probation-period": 600,
        "hooks-libraries": [{ library: startingWith(BODY) }],
        ...config,
      },
      options,
    );
    const answer = (key: string, fact: string) => server.ask("answer", { key, fact });
    const asked = async () => (await server.ask("asked")).arguments;
    const offers: string[] = [];
    const sent = () => {
      for (const { payload } of server.transport.takeSent()) {
        const { chaddr, yiaddr } = readMessage4(payload);
        offers.push(`${chaddr} ${yiaddr}`);
      }
      return offers;
    };
    return { server, answer, asked, sent };
  }
  const stores: [string, () => TestServer4Options][] = [
    ["the lease file", () => ({})],
    ["a database", () => ({ database: new MemoryDatabase4() })],
  ];

  it.each(stores)("while they are found out nobody else is offered it: %s", async (_, options) => {
    const { server, answer, asked, sent } = await startSlow({}, options());
    await server.serve(...[1, 2, 3].map((number) => new TestClient4(server, number).discoverMessage()));
    expect(await asked()).toEqual(["192.0.2.10", "192.0.2.11", "192.0.2.12"]);
    expect(sent()).toEqual([]);
    for (const address of ["192.0.2.11", "192.0.2.10"]) await answer(address, "free");
    await expect.poll(sent).toEqual([`${macOf(2)} 192.0.2.11`, `${macOf(1)} 192.0.2.10`]);
    expect(server.counts()).toMatchObject({ "pkt4-offer-sent": 2 });
  });

  it("nor where a fault of ours costs another packet, and its batch is given up", async () => {
    let isFaulty = true;
    const steps = (path: PacketPath<Path4>): PacketPath<Path4> => ({
      ...path,
      change(answer, batch) {
        path.change(answer, batch);
        if (!isFaulty) return;
        isFaulty = false;
        throw new Error("half made");
      },
    });
    const { server, asked } = await startSlow({}, { steps });
    const [first, faulty, last] = [1, 2, 3].map((number) => new TestClient4(server, number)) as [
      TestClient4,
      TestClient4,
      TestClient4,
    ];
    const wish = { options: [[50, ip("192.0.2.10")]] as const };
    await server.serve(first.discoverMessage(), faulty.selectMessage("192.0.2.12"), last.discoverMessage(wish));
    expect(isFaulty).toBe(false);
    expect(await asked()).toEqual(["192.0.2.10", "192.0.2.11"]);
  });

  it("offers that are going to be leases are kept from others, too, and written only then", async () => {
    const { server, answer, asked, sent } = await startSlow({ "offer-lifetime": 60 });
    await server.serve(...[1, 2].map((number) => new TestClient4(server, number).discoverMessage()));
    expect(await asked()).toEqual(["192.0.2.10", "192.0.2.11"]);
    expect(server.leases()).toEqual([]);
    await answer("192.0.2.10", "free");
    await expect.poll(sent).toEqual([`${macOf(1)} 192.0.2.10`]);
    expect(server.leases()).toEqual([`192.0.2.10 ${macOf(1)} assigned`]);
  });

  it.each(stores)(
    "an address that somebody else has is declined, and the next one is offered: %s",
    async (_, options) => {
      const { server, answer, sent } = await startSlow({}, options());
      const client = new TestClient4(server, 1);
      await server.serve(client.discoverMessage());
      await answer("192.0.2.10", "used");
      const row = () =>
        server
          .durableText()
          .match(/^192\.0\.2\.10,.*$/m)?.[0]
          .split(",");
      // Address, hardware address, client id, lifetime; subnet; state.
      await expect
        .poll(() => row()?.filter((_, i) => [0, 1, 2, 3, 5, 9].includes(i)))
        .toEqual(["192.0.2.10", "", "", "600", "7", "1"]);
      await expect
        .poll(() => server.log.lines.join())
        .toContain("192.0.2.10, which was to be offered, is in use by somebody else");
      expect(sent()).toEqual([]);
      await server.serve(client.discoverMessage());
      await answer("192.0.2.11", "free");
      await expect.poll(sent).toEqual([`${macOf(1)} 192.0.2.11`]);
      expect(server.drops()).toEqual([]);
    },
  );

  it("a retransmission of a packet that waits is not answered; another message of the client is", async () => {
    const { server, answer, sent } = await startSlow();
    const client = new TestClient4(server, 1);
    const message = client.discoverMessage({ xid: 77 });
    await server.serve(message);
    await server.serve(message, client.discoverMessage({ xid: 78 }));
    expect(server.drops()).toEqual(["duplicate"]);
    await answer("192.0.2.10", "free");
    await expect.poll(sent).toEqual(Array(2).fill(`${macOf(1)} 192.0.2.10`));
    await server.serve(message);
    expect(server.drops()).toEqual(["duplicate"]);
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
