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

it("a client with a reservation costs one round trip a packet", async () => {
  const server = await TestServer4.start(CONFIG, { keepsHostsElsewhere: true });
  await new TestClient4(server, 1).bind();
  expect(server.hosts!.database.asked).toHaveLength(2);
});
