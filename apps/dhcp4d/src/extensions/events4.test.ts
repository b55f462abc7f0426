/** What extensions are told of leases: everything once, with or without a packet. */
import { eventLines, sayingEvents } from "@kotare/core/extensions/testing/event-lines";
import { startingWith } from "@kotare/core/extensions/testing/module-file";
import { beforeEach, expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";

let server: TestServer4;
const named = { options: [[12, Buffer.from("alice")]] } as const;

async function start(more: object = {}): Promise<void> {
  server = await TestServer4.start({
    "valid-lifetime": 600,
    "cache-threshold": 0,
    subnet4: [{ id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] }],
    "hooks-libraries": [{ library: sayingEvents() }],
    ...more,
  });
}
beforeEach(() => start());

/** Resolves when all that has come about so far has been told. @returns that */
async function told(): Promise<readonly string[]> {
  const last = "DHCPINFORM DHCPACK";
  const fences = () => eventLines(server.log.lines).filter((line) => line === last).length;
  const before = fences();
  await new TestClient4(server, 99).inform({ ciaddr: "192.0.2.99" });
  await expect.poll(fences, { timeout: 60_000 }).toBe(before + 1);
  return eventLines(server.log.lines).filter((line) => line !== last);
}

/** What is told of one thing. */
async function toldOf(act: () => Promise<unknown>): Promise<readonly string[]> {
  const before = await told();
  await act();
  return (await told()).slice(before.length);
}

const ALICE = "192.0.2.10 assigned 02:00:00:00:00:01 alice 600";

it("an exchange, with its leases as they are and as they were", async () => {
  const client = new TestClient4(server, 1);
  expect(await toldOf(() => client.bind(named))).toEqual([
    "DHCPDISCOVER DHCPOFFER",
    `DHCPREQUEST DHCPACK; put ${ALICE}`,
  ]);
  server.clock.advance(10);
  expect(await toldOf(() => client.renew("192.0.2.10"))).toEqual([
    `DHCPREQUEST DHCPACK; put 192.0.2.10 assigned 02:00:00:00:00:01 - 600, was ${ALICE}`,
  ]);
  expect(await toldOf(() => client.release("192.0.2.10"))).toEqual([
    "DHCPRELEASE -; put 192.0.2.10 reclaimed 02:00:00:00:00:01 - 1, was 192.0.2.10 assigned 02:00:00:00:00:01 - 600",
  ]);
});

it("a lease that is declined, and one that is confirmed as it stands", async () => {
  await start({ "cache-threshold": 0.5 });
  const client = new TestClient4(server, 1);
  await client.bind(named);
  expect(await toldOf(() => client.renew("192.0.2.10", named))).toEqual([`DHCPREQUEST DHCPACK; rely ${ALICE}`]);
  expect(await toldOf(() => client.decline("192.0.2.10"))).toEqual([
    `DHCPDECLINE -; put 192.0.2.10 declined - - 86400, was ${ALICE}`,
  ]);
});

it("a packet that gets no answer, or a refusal, changes nothing", async () => {
  await start({ authoritative: true });
  expect(await toldOf(() => new TestClient4(server, 1).release("192.0.2.10"))).toEqual([]);
  expect(await toldOf(() => new TestClient4(server, 1).reboot("198.51.100.1"))).toEqual(["DHCPREQUEST DHCPNAK"]);
});

it("a lease that is over when somebody else gets its address, or its client comes back", async () => {
  const pool = { subnet4: [{ id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.10" }] }] };
  await start(pool);
  await new TestClient4(server, 1).bind(named);
  server.clock.advance(700);
  expect((await toldOf(() => new TestClient4(server, 1).bind(named))).slice(1)).toEqual([
    `expired ${ALICE}`,
    `DHCPREQUEST DHCPACK; put ${ALICE}, was ${ALICE}`,
  ]);
  server.clock.advance(700);
  expect((await toldOf(() => new TestClient4(server, 2).bind())).slice(1)).toEqual([
    `expired ${ALICE}`,
    "DHCPREQUEST DHCPACK; put 192.0.2.10 assigned 02:00:00:00:00:02 - 600",
  ]);
});

it.each([
  [false, `expired ${ALICE}`, "recovered 192.0.2.11 declined - - 86400"],
  [true, `expired ${ALICE} removed`, "recovered 192.0.2.11 declined - - 86400 removed"],
])("leases that end by themselves, forgotten at once: %s", async (isForgotten, ...lines) => {
  await new TestClient4(server, 1).bind(named);
  const other = new TestClient4(server, 2);
  await other.bind();
  await other.decline("192.0.2.11");
  server.clock.advance(100_000);
  expect(new Set(await toldOf(() => server.upkeep().reclaim(isForgotten)))).toEqual(new Set(lines));
  expect(await toldOf(() => server.upkeep().reclaim(isForgotten))).toEqual([]);
  // A lease that has expired does not do so again when it is forgotten.
  server.clock.advance(100_000);
  expect(await toldOf(() => server.upkeep().forget())).toEqual([]);
});

it("of the kinds that it wants to know of", async () => {
  const extension = startingWith(
    'return { observed: ["expired", "command"], observe: (events) => events.forEach(({ kind }) => log.info(kind)) };',
  );
  await start({ "hooks-libraries": [{ library: extension }] });
  await new TestClient4(server, 1).bind();
  server.clock.advance(700);
  await new TestClient4(server, 1).bind();
  await server.ask("lease4-wipe");
  await expect.poll(() => eventLines(server.log.lines)).toEqual(["expired", "command"]);
});

it("commands, and the leases that they change", async () => {
  const lease = { "ip-address": "192.0.2.15", "hw-address": "02:00:00:00:00:05" };
  const shown = "192.0.2.15 assigned 02:00:00:00:00:05 -";
  expect(await toldOf(() => server.ask("lease4-add", lease))).toEqual([
    `written ${shown} 600`,
    `command lease4-add ${JSON.stringify(lease)}`,
  ]);
  expect(await toldOf(() => server.ask("lease4-add", lease))).toEqual([]);
  expect(await toldOf(() => server.ask("lease4-get", { "ip-address": "192.0.2.15" }))).toEqual([]);
  expect(await toldOf(() => server.ask("lease4-del", { "ip-address": "192.0.2.15" }))).toEqual([
    `removed ${shown} 600`,
    `command lease4-del {"ip-address":"192.0.2.15"}`,
  ]);
});
