import { formatIpv4, parseIpv4 } from "@kotare/core/ip/ipv4";
import { expect, it } from "vitest";
import { macOf, TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";

const reservations = Array.from({ length: 20 }, (_, i) => ({
  "hw-address": macOf(i + 1),
  "ip-address": `192.0.2.${100 + i}`,
}));
const CONFIG = {
  subnet4: [{ id: 1, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10 - 192.0.2.99" }], reservations }],
};

it("batches that wait for a host database at the same time are not in each other's way", async () => {
  const server = await TestServer4.start(CONFIG, { keepsHostsElsewhere: true });
  const clients = Array.from({ length: 40 }, (_, i) => new TestClient4(server, i + 1));
  // One with a reservation and one without in each: the second lacks something once more.
  const batches = clients.slice(0, 20).map((client, i) => [client, clients[20 + i]!]);
  const replies = await Promise.all(
    batches.map((batch) => server.serve(...batch.map((client) => client.discoverMessage()))),
  );
  expect(server.drops()).toEqual([]);
  const offered = replies.flat().map(({ yiaddr }) => yiaddr);
  expect(new Set(offered).size).toBe(40);
  expect(offered).toEqual(expect.arrayContaining(reservations.map((each) => each["ip-address"])));
});

/** As the host database was asked: how many identifiers and addresses by each load. */
function asked(server: TestServer4) {
  return server.hosts!.database.asked.map((questions) =>
    questions.flatMap(({ identifiers, addresses }) => [identifiers.length, addresses.length]),
  );
}

it("a client with a reservation costs one round trip, before it is offered something", async () => {
  const server = await TestServer4.start(CONFIG, { keepsHostsElsewhere: true });
  await new TestClient4(server, 1).bind();
  expect(asked(server)).toEqual([[1, 0]]);
});

it("one without costs another, for what may be reserved in the pool", async () => {
  const server = await TestServer4.start(CONFIG, { keepsHostsElsewhere: true });
  await new TestClient4(server, 21).bind();
  expect(asked(server)).toEqual([
    [1, 0],
    [0, 8],
  ]);
});

it.each<[string, (server: TestServer4) => void, number]>([
  ["at once", () => {}, 1],
  ["after four seconds", (server) => server.clock.advance(4), 1],
  ["later", (server) => server.clock.advance(5), 2],
  ["after a change of reservations by way of us", (server) => server.hosts!.database.revision++, 2],
])("who takes an offer %s is looked up again only where that may be out of date", async (_, wait, loads) => {
  const server = await TestServer4.start(CONFIG, { keepsHostsElsewhere: true });
  const client = new TestClient4(server, 1);
  const offer = await client.discover();
  wait(server);
  expect((await client.select(offer!.yiaddr))?.yiaddr).toBe("192.0.2.100");
  expect(asked(server)).toHaveLength(loads);
});

it("who takes an offer is not looked up again where its batch waits for somebody else", async () => {
  const server = await TestServer4.start(CONFIG, { keepsHostsElsewhere: true });
  const [taker, other] = [new TestClient4(server, 1), new TestClient4(server, 2)];
  const offer = await taker.discover();
  const replies = await server.serve(taker.selectMessage(offer!.yiaddr), other.discoverMessage());
  expect(replies.map(({ yiaddr }) => yiaddr)).toEqual(["192.0.2.100", "192.0.2.101"]);
  expect(asked(server)).toEqual([
    [1, 0],
    [1, 0],
  ]);
});

it("only who takes an offer is not looked up again", async () => {
  const server = await TestServer4.start(CONFIG, { keepsHostsElsewhere: true });
  const client = new TestClient4(server, 1);
  await client.discover();
  await client.discover();
  expect(asked(server)).toHaveLength(2);
  await client.bind();
  await client.bind();
  expect(asked(server)).toHaveLength(4);
});

it("who needs an address behind very many reserved ones is offered it, after few questions for all who do", async () => {
  const count = 20_000;
  const first = parseIpv4("192.0.10.0")!;
  const others = Array.from({ length: count }, (_, i) => ({
    "client-id": (100_000 + i).toString(16).padStart(8, "0"),
    "ip-address": formatIpv4(first + i),
  }));
  const subnet = {
    id: 1,
    subnet: "192.0.0.0/16",
    pools: [{ pool: "192.0.10.0 - 192.0.255.254" }],
    reservations: others,
  };
  const server = await TestServer4.start({ subnet4: [subnet] }, { keepsHostsElsewhere: true });
  const clients = Array.from({ length: 5 }, (_, i) => new TestClient4(server, i + 1).discoverMessage());
  const replies = await server.serve(...clients);
  expect(replies.map(({ yiaddr }) => parseIpv4(yiaddr)! - first)).toEqual([0, 1, 2, 3, 4].map((i) => count + i));
  expect(server.hosts!.database.askedAmong).toEqual([256, 8448, 16384]);
});

/** Each client may begin elsewhere, or has a pool of its own. */
const APART = 16;
const pools = [{ pool: "192.0.16.0 - 192.0.31.255" }];
const guarded = Array.from({ length: APART }, (_, i) => ({
  pool: `192.0.${16 + i}.0 - 192.0.${16 + i}.255`,
  "client-classes": [`client${i + 1}`],
}));
const classes = Array.from({ length: APART }, (_, i) => ({
  name: `client${i + 1}`,
  test: `substring(pkt4.mac,5,1) == 0x${Buffer.of(i + 1).toString("hex")}`,
}));

it.each([
  ["random", pools],
  ["flq", pools],
  ["iterative", guarded],
])(
  "clients of one batch that look among reserved addresses at different places are all served: %s",
  async (allocator, pools) => {
    const first = parseIpv4("192.0.16.0")!;
    // One in 64 is free.
    const others = Array.from({ length: 4096 }, (_, i) => ({
      "client-id": (100_000 + i).toString(16).padStart(8, "0"),
      "ip-address": formatIpv4(first + i),
    })).filter((_, i) => i % 64 < 63);
    const subnet = { id: 1, subnet: "192.0.0.0/16", allocator, pools, reservations: others };
    let dice = 0;
    const server = await TestServer4.start(
      { "client-classes": classes, subnet4: [subnet] },
      { keepsHostsElsewhere: true, random: () => dice++ / APART },
    );
    const clients = classes.map((_, i) => new TestClient4(server, i + 1).discoverMessage());
    const offered = (await server.serve(...clients)).map(({ yiaddr }) => parseIpv4(yiaddr)! - first);
    expect(server.drops()).toEqual([]);
    expect(new Set(offered).size).toBe(APART);
    expect(offered.every((place) => place % 64 === 63)).toBe(true);
  },
);
