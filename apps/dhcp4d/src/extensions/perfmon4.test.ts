/** `libdhcp_perfmon.so`, in DHCPv4: what its commands and statistics say of exchanges. */
import { expect, it, onTestFinished, vi } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";

const start = (parameters: Dhcp4Text) =>
  TestServer4.start({
    subnet4: [{ id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] }],
    "hooks-libraries": [{ library: "libdhcp_perfmon.so", parameters }],
  });

const durationsOf = async (server: TestServer4) => {
  const answer = await server.ask("perfmon-get-all-durations");
  return (answer.arguments as { readonly durations: readonly Record<string, unknown>[] }).durations;
};

/** What is told of each answered message, a moment after the client has its answer. */
const told = (server: TestServer4) => server.log.lines.filter((line) => line.startsWith("PERFMON_"));

it("durations of each part, of all subnets and of each, with the last interval that is complete", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 1) });
  onTestFinished(() => void vi.useRealTimers());
  const server = await start({ "enable-monitoring": true, "interval-width-secs": 1 });
  expect(await server.ask("perfmon-get-all-durations")).toMatchObject({ result: 3, arguments: { durations: [] } });
  const client = new TestClient4(server, 1);
  await client.discover();
  await expect.poll(async () => (await durationsOf(server)).length).toBe(8);
  expect((await durationsOf(server))[0]).toEqual({
    "duration-key": {
      "query-type": "DHCPDISCOVER",
      "response-type": "DHCPOFFER",
      "start-event": "buffer_read",
      "stop-event": "process_started",
      "subnet-id": 0,
    },
    "start-time": "<none>",
    occurrences: 0,
    "min-duration-usecs": 0,
    "max-duration-usecs": 0,
    "total-duration-usecs": 0,
    "mean-duration-usecs": 0,
  });
  vi.setSystemTime(Date.now() + 1000);
  await client.discover();
  await expect.poll(async () => (await durationsOf(server))[4]?.["occurrences"]).toBe(1);
  const { arguments: table } = await server.ask("perfmon-get-all-durations", { "result-set-format": true });
  const { columns, rows } = (table as Record<string, { columns: string[]; rows: unknown[][] }>)[
    "durations-result-set"
  ]!;
  expect(columns).toHaveLength(11);
  expect(rows).toHaveLength(8);
  expect(rows[5]?.slice(0, 5)).toEqual(["DHCPDISCOVER", "DHCPOFFER", "process_started", "process_completed", 7]);
  const mean = "process_started-process_completed.mean-usecs";
  const reported = server.statistics.find(`subnet-id[7].perfmon.DHCPDISCOVER-DHCPOFFER.${mean}`)?.value;
  expect(reported).toBe(rows[5]?.at(-1));
  expect(Number(reported)).toBeGreaterThan(0);
  expect(server.statistics.readGlobal().map(([name]) => name)).toContain(`perfmon.DHCPDISCOVER-DHCPOFFER.${mean}`);
});

it("the events of each message that is answered are logged, whether somebody monitors or not", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 31, 23, 59) });
  onTestFinished(() => void vi.useRealTimers());
  const server = await start({});
  const client = new TestClient4(server, 1);
  await client.bind();
  await client.release("192.0.2.10");
  await client.discover();
  await expect.poll(() => told(server)).toHaveLength(3);
  const at = String.raw`(2026-Jan-31 23:5\d:\d\d\.\d{6})`;
  const events = `${at} : socket_received, ${at} : buffer_read, ${at} : process_started, ${at} : process_completed`;
  const line = String.raw`^PERFMON_DHCP4_PKT_EVENTS query: (\[hwtype=1 .*\], cid=\[.*\], tid=0x[0-9a-f]{8}) events=\[${events}\]$`;
  const [, label, ...times] = new RegExp(line).exec(told(server)[0]!) ?? [];
  expect(server.log.lines.join()).toContain(`DHCP4_LEASE_OFFER ${label}`);
  expect(times.toSorted()).toEqual(times);
  expect(times[1]).toBe(times[2]);
});

it("a message that gets no answer is not timed; nor is any where nobody monitors, or no longer", async () => {
  const server = await start({});
  const client = new TestClient4(server, 1);
  await client.bind();
  await expect.poll(() => told(server)).toHaveLength(2);
  expect(await server.ask("perfmon-control", { "enable-monitoring": true })).toEqual({
    result: 0,
    text: "perfmon-control success",
    arguments: { "enable-monitoring": true, "stats-mgr-reporting": true },
  });
  await client.release("192.0.2.10");
  await client.discover();
  await expect.poll(async () => (await durationsOf(server)).length).toBe(8);
  await server.ask("perfmon-control", { "enable-monitoring": false });
  await client.select("192.0.2.10");
  await client.discover();
  expect(await durationsOf(server)).toHaveLength(8);
});

it.each([
  ["perfmon-control", { "enable-monitoring": 7 }, /enable-monitoring: 7 is not true or false/],
  ["perfmon-get-all-durations", { "result-set-format": 7 }, /result-set-format: 7 is not true or false/],
])("%s %j", async (command, given, text) => {
  expect(await (await start({})).ask(command, given)).toMatchObject({ result: 1, text: expect.stringMatching(text) });
});
