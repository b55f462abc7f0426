/** `libdhcp_legal_log.so`: what is in the file when an answer leaves. Kea's own words are the oracle's matter. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "legal-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

function start(parameters: object = {}, subnet: object = {}): Promise<TestServer4> {
  return TestServer4.start({
    "valid-lifetime": 600,
    "cache-threshold": 0,
    subnet4: [{ id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }], ...subnet }],
    "hooks-libraries": [
      { library: "/x/libdhcp_legal_log.so", parameters: { path: folder, "timestamp-format": "T", ...parameters } },
    ],
  });
}

/** What stands in its files. */
const lines = () =>
  readdirSync(folder)
    .filter((name) => name.startsWith("kea-legal."))
    .flatMap((name) => readFileSync(join(folder, name), "latin1").split("\n").slice(0, -1));

const DEVICE = "a device with hardware address: hwtype=1 02:00:00:00:00:01";
const ASSIGNED = `T Address: 192.0.2.10 has been assigned for 0 hrs 10 mins 0 secs to ${DEVICE}`;
const RELEASED = `T Address: 192.0.2.10 has been released from ${DEVICE}`;

it("the line is there before the client has its answer, and an offer has none", async () => {
  const server = await start();
  const client = new TestClient4(server, 1);
  await client.discover();
  expect(lines()).toEqual([]);
  expect((await client.select("192.0.2.10"))?.type).toBe("ACK");
  expect(lines()).toEqual([ASSIGNED]);
  await client.release("192.0.2.10");
  expect(lines()).toEqual([ASSIGNED, RELEASED]);
});

it("the row is in the database before the client has its answer, and one follows a command", async () => {
  const server = await start({ type: "mysql", name: "kea" });
  const rows = () => server.logRows.map(({ address, log }) => [address, `T ${log}`]);
  await new TestClient4(server, 1).bind();
  expect(rows()).toEqual([["192.0.2.10", ASSIGNED]]);
  await server.ask("lease4-del", { "ip-address": "192.0.2.10" });
  await vi.waitFor(() => expect(rows()).toHaveLength(2), 60_000);
  expect(rows()[1]).toEqual(["192.0.2.10", "T Administrator deleted the lease for address: 192.0.2.10"]);
});

it("of a lease that could not be written, nothing is said", async () => {
  const server = await start();
  const client = new TestClient4(server, 1);
  await client.discover();
  server.breakDisk();
  expect(await client.select("192.0.2.10")).toBeUndefined();
  server.mendDisk();
  await client.select("192.0.2.10");
  expect(lines()).toEqual([ASSIGNED]);
});

it("of subnets that want none, there is none", async () => {
  const server = await start({}, { "user-context": { "legal-logging": false, other: 1 } });
  await new TestClient4(server, 1).bind();
  expect(lines()).toEqual([]);
});

it.each([0, "false", null])("legal-logging %j has no effect, as in Kea, and a warning says so", async (value) => {
  const server = await start({}, { "user-context": { "legal-logging": value } });
  await new TestClient4(server, 1).bind();
  expect(lines()).toHaveLength(1);
  expect(server.log.lines).toContainEqual(
    expect.stringMatching(/legal-logging of subnet \d+ is neither true nor false, and has no effect/),
  );
});

it("a command is logged when it has changed something", async () => {
  const server = await start();
  const lease = { "ip-address": "192.0.2.15", "hw-address": "02:00:00:00:00:05" };
  for (let i = 0; i < 2; i++) await server.ask("lease4-add", lease);
  await vi.waitFor(() => expect(lines()).toHaveLength(1), 60_000);
  await server.ask("lease4-get-all");
  await server.ask("lease4-del", { "ip-address": "192.0.2.15" });
  await vi.waitFor(() => expect(lines()).toHaveLength(2), 60_000);
  expect(lines()).toEqual([
    "T Administrator added a lease of address: 192.0.2.15 to a device with hardware address: 02:00:00:00:00:05",
    "T Administrator deleted the lease for address: 192.0.2.15",
  ]);
});

/** As Kea 3.0.4 has it, for the same formats. */
describe("formats", () => {
  const request = "concat('Q', hexstring(pkt4.msgtype, ''))";
  const response = "concat('S', concat(hexstring(pkt4.msgtype, ''), addrtotext(pkt4.yiaddr)))";

  it.each<[string, object, readonly string[]]>([
    ["the message", { "request-parser-format": request }, ["T Q00000003", "T Q00000007"]],
    [
      "the answer; in its own words where there is none",
      { "response-parser-format": response },
      ["T S00000005192.0.2.10", RELEASED],
    ],
    [
      "both, one behind the other",
      { "request-parser-format": request, "response-parser-format": response },
      ["T Q00000003S00000005192.0.2.10", "T Q00000007"],
    ],
    [
      "several lines",
      {
        "request-parser-format": "concat('a', concat(0x0a, 'b'))",
        "response-parser-format": "concat('c', concat(0x0a, 'd'))",
      },
      ["T a", "T bc", "T d", "T a", "T b"],
    ],
    ["nothing", { "request-parser-format": "''" }, []],
  ])("%s", async (_, parameters, expected) => {
    const server = await start(parameters);
    const client = new TestClient4(server, 1);
    await client.bind();
    await client.inform({ ciaddr: "192.0.2.99" });
    await client.release("192.0.2.10");
    expect(lines()).toEqual(expected);
  });
});

it.each(["request-parser-format", "response-parser-format"])(
  "where %s fails on a packet, the entry is in its own words",
  async (key) => {
    const server = await start({ [key]: "addrtotext(option[53].hex)" });
    expect((await new TestClient4(server, 1).bind()).yiaddr).toBe("192.0.2.10");
    expect(lines()).toEqual([ASSIGNED]);
  },
);

it.each<[object, string]>([
  [{ path: "/nowhere" }, "ENOENT"],
  [{ prerotate: "/nowhere" }, "/nowhere cannot be called (ENOENT); check the path"],
  [{ postrotate: "/etc/passwd" }, "/etc/passwd cannot be called (EACCES); make it executable"],
])("a configuration with %j is refused", async (parameters, words) => {
  await expect(start(parameters)).rejects.toThrow(words);
});

it("programs are called with the files that end and begin", async () => {
  const note = join(folder, "note.sh");
  writeFileSync(note, `#!/bin/sh\necho "$1" >>${folder}/called\n`, { mode: 0o755 });
  const server = await start({ prerotate: note, "time-unit": "second" });
  await vi.waitFor(
    async () => {
      await new TestClient4(server, 1).bind();
      expect(readdirSync(folder)).toContain("called");
    },
    { timeout: 60_000, interval: 200 },
  );
  expect(readFileSync(join(folder, "called"), "utf8")).toMatch(/^\S+\/kea-legal\.T\d{20}\.txt\n/);
});
