/** What extensions are told of leases: everything once, with or without a packet. */
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { eventLines, sayingEvents } from "@kotare/core/extensions/testing/event-lines";
import { beforeEach, expect, it } from "vitest";
import { na, pd, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

let server: TestServer6;
let client: TestClient6;

async function start(more: object = {}): Promise<void> {
  server = await TestServer6.start({
    "valid-lifetime": 600,
    "cache-threshold": 0,
    subnet6: [
      {
        id: 7,
        subnet: "2001:db8::/64",
        interface: "eth0",
        pools: [{ pool: "2001:db8::10-2001:db8::1f" }],
        "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
      },
    ],
    "hooks-libraries": [{ library: sayingEvents() }],
    ...more,
  });
  client = new TestClient6(server, 1);
}
beforeEach(() => start());

/** Resolves when all that has come about so far has been told. @returns that */
async function told(): Promise<readonly string[]> {
  const last = "INFORMATION-REQUEST REPLY";
  const fences = () => eventLines(server.log.lines).filter((line) => line === last).length;
  const before = fences();
  await new TestClient6(server, 99).send(MessageType6.INFORMATION_REQUEST);
  await expect.poll(fences, { timeout: 60_000 }).toBe(before + 1);
  return eventLines(server.log.lines).filter((line) => line !== last);
}

/** What is told of one thing. */
async function toldOf(act: () => Promise<unknown>): Promise<readonly string[]> {
  const before = await told();
  await act();
  return (await told()).slice(before.length);
}

const ADDRESS = "2001:db8::10 assigned - - 600";
const PREFIX = "2001:db8:8000:: assigned - - 600";

it("an exchange, with its leases as they are and as they were", async () => {
  expect(await toldOf(() => client.request(na(1), pd(2)))).toEqual([`REQUEST REPLY; put ${ADDRESS}; put ${PREFIX}`]);
  expect(await toldOf(() => client.renew(na(1), pd(2)))).toEqual([
    `RENEW REPLY; put ${ADDRESS}, was ${ADDRESS}; put ${PREFIX}, was ${PREFIX}`,
  ]);
  expect(await toldOf(() => client.decline(na(1, "2001:db8::10")))).toEqual([
    `DECLINE REPLY; put 2001:db8::10 declined - - 86400, was ${ADDRESS}`,
  ]);
  expect(await toldOf(() => client.release(pd(2, "2001:db8:8000::/56")))).toEqual([
    `RELEASE REPLY; put ${PREFIX.replace("assigned - - 600", "reclaimed - - 1")}, was ${PREFIX}`,
  ]);
});

it("leases that are confirmed as they stand", async () => {
  await start({ "cache-threshold": 0.5 });
  await client.request(na(1));
  expect(await toldOf(() => client.renew(na(1)))).toEqual([`RENEW REPLY; rely ${ADDRESS}`]);
});

it("a lease that is over when somebody else gets its address", async () => {
  await client.request(na(1));
  server.clock.advance(700);
  expect(await toldOf(() => new TestClient6(server, 2).request(na(1, "2001:db8::10")))).toEqual([
    `expired ${ADDRESS}`,
    `REQUEST REPLY; put ${ADDRESS}`,
  ]);
});

it("leases that end by themselves", async () => {
  await client.request(na(1));
  server.clock.advance(700);
  expect(await toldOf(() => server.upkeep().reclaim())).toEqual([`expired ${ADDRESS}`]);
});

it("commands, and the leases that they change", async () => {
  const lease = { "ip-address": "2001:db8::15", duid: "01:02:03:04", iaid: 1 };
  const which = { "ip-address": "2001:db8::15" };
  expect(await toldOf(() => server.ask("lease6-add", lease))).toEqual([
    "written 2001:db8::15 assigned - - 600",
    `command lease6-add ${JSON.stringify(lease)}`,
  ]);
  expect(await toldOf(() => server.ask("lease6-bulk-apply", { "deleted-leases": [which] }))).toEqual([
    "removed 2001:db8::15 assigned - - 600",
    `command lease6-bulk-apply {"deleted-leases":[${JSON.stringify(which)}]}`,
  ]);
});
