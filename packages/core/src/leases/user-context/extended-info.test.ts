import { describe, expect, test } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { CrashDisk } from "../../storage/testing/crash-disk.ts";
import { lease4Csv } from "../csv/lease4-csv.ts";
import type { LeaseFileEvent } from "../file/lease-file-event.ts";
import { Memfile4 } from "../file/memfile4.ts";
import { checkAgentInfo, checkRelayInfo, type InfoCheck } from "./extended-info.ts";
import { agentInfoVectors, relayInfoVectors } from "./extended-info.vectors.ts";

const LEVELS: readonly InfoCheck[] = ["fix", "strict", "pedantic"];

describe.each([
  ["relay-agent-info", checkAgentInfo, agentInfoVectors],
  ["relay-info", checkRelayInfo, relayInfoVectors],
])("%s is as Kea has it", (_, check, vectors) => {
  const rows = vectors.trim().split("\n");

  test.each(rows)("%s", (row) => {
    const [context = "", ...cells] = row.split(" | ");
    let expected = context;
    expect(check(context, "none")).toEqual({ userContext: context });
    for (const [i, level] of LEVELS.entries()) {
      const cell = cells[i];
      if (cell !== undefined && cell !== "=") expected = cell;
      const { userContext } = check(context, level);
      // The order of keys is Kea's, too.
      const written = userContext === "" ? "none" : JSON.stringify(JSON.parse(userContext));
      expect(written).toBe(expected === "none" ? expected : JSON.stringify(JSON.parse(expected)));
    }
  });
});

test("why it is dropped is said", () => {
  expect(checkAgentInfo('{ "ISC": { "relay-agent-info": 5 } }', "fix").fault).toBe("relay-agent-info is not a map");
  expect(checkRelayInfo('{ "ISC": { "relay-info": [ {  } ] } }', "strict").fault).toBe(
    "a relay's link is not an address",
  );
  expect(checkRelayInfo('{ "ISC": { "relay-info": [ {  } ] } }', "fix").fault).toBeUndefined();
});

test("what is no JSON, and what has nothing of Kea's in it, stays as it is", () => {
  for (const context of ['{"ISC', '"ISC"', "[]", '{"a":1}']) {
    expect(checkRelayInfo(context, "pedantic")).toEqual({ userContext: context });
  }
});

test("it is looked at when leases are loaded; the file stays as it is", async () => {
  const context = '{ "ISC": { "relay-agent-info": 5 }&#x2c "a": 1 }';
  const text = `${Buffer.from(lease4Csv.header)}192.0.2.1,02:00:00:00:00:01,,3600,1800003600,1,0,0,,0,${context},0\n`;
  const disk = new CrashDisk(new Map([["/leases4.csv", Buffer.from(text)]]));
  const events: LeaseFileEvent[] = [];
  const store = await Memfile4.open({
    path: "/leases4.csv",
    lfcInterval: 0,
    maxRowErrors: 0,
    subnetCheck: { mode: "none", subnetIdOf: () => undefined },
    extendedInfoCheck: "fix",
    clock: new ManualClock(),
    report: (event) => events.push(event),
    disk,
  });
  expect(store.page(-1, 10).map(({ userContext }) => userContext)).toEqual(['{ "a": 1 }']);
  expect(events).toContainEqual({
    kind: "bad-info",
    address: "192.0.2.1",
    fault: "relay-agent-info is not a map",
  });
  expect(Buffer.from(disk.image.get("/leases4.csv") ?? "").toString()).toBe(text);
  await store.close();
});
