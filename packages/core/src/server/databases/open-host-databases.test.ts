import { expect, it } from "vitest";
import { systemClock } from "../../base/clock.ts";
import { HostsDatabase } from "../../config/schema/databases.ts";
import { daemonPaths } from "../../daemon/paths.ts";
import type { ConnectionEvent } from "../../databases/reconnecting.ts";
import type { HostDatabase } from "../../hosts/database/host-database.ts";
import { sqlFamily4 } from "../../hosts/sql/sql-family4.ts";
import type { HostPlace } from "../../hosts/sql/sql-hosts.ts";
import { MemoryHostDatabase } from "../../hosts/testing/memory-host-database.ts";
import { RecordingLogger } from "../../log/testing/recording-logger.ts";
import { hostFamily4 } from "./host-family4.ts";
import { type OpenHosts, openHostDatabases } from "./open-host-databases.ts";

/** Opens what the keys say; those on `away` refuse. */
async function open(...databases: readonly object[]) {
  const log = new RecordingLogger();
  const given: string[] = [];
  const places: HostPlace[] = [];
  const open = new Set<string>();
  let report: (event: ConnectionEvent) => void = () => {};
  const kind: OpenHosts = (_, place, _settings, _schedule, onEvent) => {
    report = onEvent;
    if (place.name.includes("away")) return Promise.reject(new Error("refused"));
    places.push(place);
    open.add(place.name);
    const memory = new MemoryHostDatabase(sqlFamily4);
    const database = { ...memory, close: () => Promise.resolve(void open.delete(place.name)) };
    return Promise.resolve(database as unknown as HostDatabase<never, never, never>);
  };
  const configs = databases.map((keys) => HostsDatabase.parse({ type: "mysql", name: "kea", ...keys }));
  const kinds = { mysql: () => Promise.resolve(kind), postgresql: () => Promise.resolve(kind) };
  const opened = openHostDatabases(hostFamily4, { "hosts-databases": configs }, undefined, kinds, {
    paths: daemonPaths({}),
    clock: systemClock,
    log,
    signal: new AbortController().signal,
    giveUp: (why) => given.push(why),
  });
  const hosts = await opened.catch((error: Error) => void given.push(error.message));
  const lines = () => log.lines.map((line) => line.replace(/^DHCPSRV_HOST_/, ""));
  return { hosts, lines, given, places, open, tell: (event: ConnectionEvent) => report(event) };
}

it("has them in the order of the configuration, and says where they are without user and password", async () => {
  const { hosts, lines } = await open(
    { host: "db1,db2", user: "keeper", password: "secret" },
    { type: "memfile" },
    { type: "postgresql", name: "other" },
  );
  expect(hosts?.databases).toHaveLength(2);
  expect(lines()).toEqual([
    "DATABASE_OPENED reservations are also in mysql database kea on db1, db2",
    "DATABASE_OPENED reservations are also in postgresql database other on localhost",
  ]);
});

it("opens all or none", async () => {
  const { hosts, given, open: left } = await open({}, { host: "away", "retry-on-startup": false });
  expect(hosts).toBeUndefined();
  expect(given).toEqual(["mysql database kea on away cannot be used: refused"]);
  expect(left).toEqual(new Set());
});

it.each<[string | undefined, boolean]>([
  [undefined, false],
  ["stop-retry-exit", false],
  ["serve-retry-exit", true],
  ["serve-retry-continue", true],
])("with on-fail %s packets are served without it: %s", async (onFail, mayBeAway) => {
  const { places } = await open({ "on-fail": onFail, readonly: true });
  expect(places).toEqual([{ name: "mysql database kea on localhost", isReadOnly: true, mayBeAway }]);
});

it("tells what becomes of the connection, and ends the daemon when the tries are over", async () => {
  const { tell, lines, given } = await open({});
  const error = new Error("gone");
  tell({ kind: "lost", error });
  tell({ kind: "failed", error, wait: 2000 });
  tell({ kind: "recovered" });
  expect(given).toEqual([]);
  tell({ kind: "failed", error, wait: undefined });
  expect(lines().slice(1)).toEqual([
    "DATABASE_LOST mysql database kea on localhost is lost: gone",
    "DATABASE_RECONNECT_FAILED mysql database kea on localhost is still lost: gone; next try in 2 s",
    "DATABASE_RECOVERED mysql database kea on localhost is back",
    "DATABASE_RECONNECT_FAILED mysql database kea on localhost is still lost: gone; that was the last try",
  ]);
  expect(given).toEqual(["mysql database kea on localhost has been lost, and max-reconnect-tries are over"]);
});

it("names what is wrong with a reservation", async () => {
  const { hosts, lines } = await open({});
  const record = { id: 7, subnetId: 1, reservation: {}, origin: "hosts.host_id 7" };
  hosts!.onFault("mysql database kea", record, "hw-address is missing");
  expect(lines().at(-1)).toBe("INVALID mysql database kea: hosts.host_id 7 is not used: hw-address is missing");
});
