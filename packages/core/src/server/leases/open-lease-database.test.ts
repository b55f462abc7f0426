import { expect, it } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { dhcp4Family } from "../../config/dhcp4-family.ts";
import { parseConfig } from "../../config/load/load-config.ts";
import type { ConnectionEvent } from "../../databases/reconnecting.ts";
import { formatIpv4 } from "../../ip/ipv4.ts";
import type { OnRefused } from "../../leases/database/lease-database.ts";
import type { Lease4 } from "../../leases/model/lease4.ts";
import { MemoryDatabase4 } from "../../leases/testing/memory-database4.ts";
import { family4 } from "../../leases/testing/test-families.ts";
import { RecordingLogger } from "../../log/testing/recording-logger.ts";
import { defineServerMessages } from "../messages.ts";
import { openLeaseDatabase4 } from "./open-lease-database.ts";

const paths = {
  data: "/data",
  pid: "/run",
  log: "/log",
  controlSocket: "/run",
  extensions: "/extensions",
  scripts: "/scripts",
  legalLog: "/legal",
  manual: "/manual",
};

/** Opens a database that fails so often before it works. */
async function open(keys: object, failures: number) {
  const database = {
    type: "mysql",
    name: "kea",
    user: "keeper",
    password: "secret",
    host: "db1,db2",
    port: 99,
    ...keys,
  };
  const text = JSON.stringify({ Dhcp4: { "interfaces-config": { interfaces: ["*"] }, "lease-database": database } });
  const loaded = parseConfig(dhcp4Family, { file: "f", text }, { read: () => "" });
  if (loaded.kind === "refused") throw new Error(JSON.stringify(loaded.faults));
  const log = new RecordingLogger();
  const clock = new ManualClock();
  const given: string[] = [];
  let report: (event: ConnectionEvent) => void = () => {};
  let refuse: OnRefused<Lease4> = () => {};
  let left = failures;
  const opened = openLeaseDatabase4(
    loaded.config,
    (_settings, _schedule, onEvent, onRefused) => {
      report = onEvent;
      refuse = onRefused;
      return left-- > 0 ? Promise.reject(new Error("refused")) : Promise.resolve(new MemoryDatabase4());
    },
    {
      paths,
      clock,
      log,
      messages: defineServerMessages("dhcp4", 4),
      signal: new AbortController().signal,
      giveUp: (why) => given.push(why),
    },
  );
  await opened.catch((error: Error) => given.push(error.message));
  return {
    log,
    clock,
    given,
    tell: (event: ConnectionEvent) => report(event),
    refuse: (...refusal: Parameters<typeof refuse>) => refuse(...refusal),
  };
}

const lines = (log: RecordingLogger) => log.lines.map((line) => line.replace(/^DHCPSRV_LEASE_DATABASE_/, ""));

it("says where the leases are, without user and password", async () => {
  const { log } = await open({}, 0);
  expect(lines(log)).toEqual(["OPENED leases are in mysql database kea on db1:99, db2:99"]);
});

it("tries again at the start as the configuration says", async () => {
  const { log, given } = await open(
    { "max-reconnect-tries": 1, "reconnect-wait-time": 0, "retry-on-startup": true },
    2,
  );
  expect(lines(log)).toEqual([
    "OPEN_FAILED mysql database kea on db1:99, db2:99 cannot be used: refused; next try in 0 s",
    "OPEN_FAILED mysql database kea on db1:99, db2:99 cannot be used: refused; that was the last try",
  ]);
  expect(given).toEqual(["mysql database kea on db1:99, db2:99 cannot be used: refused"]);
});

it("tells of a loss and of every try, and gives up when the tries are over", async () => {
  const { log, given, tell } = await open({}, 0);
  const error = new Error("gone");
  tell({ kind: "lost", error });
  tell({ kind: "failed", error, wait: 2000 });
  tell({ kind: "recovered" });
  expect(log.ids.slice(1)).toEqual([
    "DHCPSRV_LEASE_DATABASE_LOST",
    "DHCPSRV_LEASE_DATABASE_RECONNECT_FAILED",
    "DHCPSRV_LEASE_DATABASE_RECOVERED",
  ]);
  expect(given).toEqual([]);
  tell({ kind: "failed", error, wait: undefined });
  expect(given).toEqual(["mysql database kea on db1:99, db2:99 has been lost, and max-reconnect-tries are over"]);
});

it("tells what the database refuses for good, once, and how often when it is told again", async () => {
  const { log, clock, refuse } = await open({}, 0);
  const refused = (member: number, error: string) => {
    const change = {
      before: undefined,
      claim: undefined,
      replaces: undefined,
      replacement: undefined,
      unclaimed: undefined,
    };
    refuse({ ...change, after: family4.lease(member) }, new Error(error));
  };
  const [first, second] = [1, 2].map((member) => formatIpv4(family4.lease(member).address));
  refused(1, "integer out of range");
  refused(2, "integer out of range");
  clock.advance(600);
  refused(2, "integer out of range");
  const id = "REFUSED mysql database kea on db1:99, db2:99 does not take the lease of";
  expect(lines(log).slice(1)).toEqual([
    `${id} ${first}: integer out of range (1 refused since this was said last)`,
    `${id} ${second}: integer out of range (1 refused since this was said last)`,
  ]);
});
