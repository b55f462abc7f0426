import { expect, it } from "vitest";
import { parseConfig } from "../../config/load/load-config.ts";
import type { AuditEntry, ConfigDatabase, StoredConfig, StoredEntry } from "../../config-database/config-database.ts";
import { storedConfig4 } from "../../config-database/stored-config4.ts";
import { RecordingLogger } from "../../log/testing/recording-logger.ts";
import { DatabaseSource } from "./database-source.ts";

const GLOBAL = "dhcp4_global_parameter.id";

/** A source whose database has keys of the global scope, by their ids. */
async function start(first: Readonly<Record<number, StoredEntry>>, meanwhile?: () => Promise<unknown>) {
  const log = new RecordingLogger();
  let changes: AuditEntry[] = [];
  let globals = first;
  let fault: Error | undefined;
  const database = {
    name: "the database",
    isUp: true,
    async load(...[, , , whileAsked]: Parameters<ConfigDatabase["load"]>): Promise<StoredConfig> {
      await whileAsked?.();
      return {
        ...{ optionDefs: [], options: [], classes: [], networks: [], subnets: [], faults: [] },
        changes: changes.map(({ id }) => id),
        globals: Object.values(globals),
        origins: new Map(Object.entries(globals).map(([id, entry]) => [entry, `${GLOBAL} ${id}`])),
        tags: new Map(),
        subnetIds: new Set(),
        networkIds: new Map(),
      };
    },
    async changesAfter() {
      if (fault !== undefined) throw fault;
      return changes;
    },
    close: async () => {},
  };
  const open = async () => database as unknown as ConfigDatabase;
  const source = new DatabaseSource(
    storedConfig4,
    { mysql: async () => open, postgresql: async () => open },
    {
      log,
      signal: new AbortController().signal,
      giveUp: () => {},
      check: (config) => storedConfig4.tree.family.check(config),
    },
  );
  const text = '{"Dhcp4": {"config-control": {"config-databases": [{"type": "mysql", "name": "kea"}]}}}';
  const loaded = parseConfig(storedConfig4.tree.family, { file: "kea.conf", text }, { read: () => "" });
  if (loaded.kind === "refused") throw new Error("refused");
  const followed = await source.complete(loaded.config, meanwhile);
  followed.accept();
  let current = followed.config;
  return {
    source,
    faults: () => log.lines.filter((line) => line.startsWith("DHCPSRV_CONFIG_ROW_INVALID")).length,
    failures: () => log.lines.filter((line) => line.startsWith("DHCPSRV_CONFIG_PULL_FAILED")).length,
    fail(error?: Error) {
      fault = error;
    },
    async change(next: Readonly<Record<number, StoredEntry>>) {
      globals = next;
      changes = [...changes, { id: changes.length + 1, table: "global_parameter", objectId: 1 }];
      const pulled = await source.pull(current);
      pulled!.accept();
      current = pulled!.config;
    },
    pull: () => source.pull(current),
    gauges: () =>
      source.metrics().map(({ name, samples }) => [name.replace("kotare_config_", ""), [...samples()][0]![0]!.value]),
  };
}

const bad = { name: "no-such-key", value: 1 };
const good = { name: "valid-lifetime", value: 600 };

it("says how many rows are left out, and tells each once", async () => {
  const { source, faults, change, gauges } = await start({ 1: bad });
  expect(source.status()).toMatchObject({ status: "ready", "left-out": 1 });
  await change({ 1: bad, 2: good });
  expect(source.status()).toMatchObject({ "left-out": 1 });
  expect(faults()).toBe(1);
  await change({ 1: bad, 2: good, 3: { name: "server-tag", value: "x" } });
  expect(gauges()).toContainEqual(["rows_left_out", 2]);
  expect(faults()).toBe(2);
  await change({ 2: good });
  expect(gauges()).toContainEqual(["rows_left_out", 0]);
});

it("says that the database is away, and how old what is known of it is", async () => {
  const { source, fail, failures, pull, gauges } = await start({});
  expect(gauges()).toContainEqual(["database_up", 1]);
  fail(new Error("it is gone"));
  for (let i = 0; i < 2; i++) await expect(pull()).rejects.toThrow("it is gone");
  expect(failures()).toBe(1);
  expect(source.status()).toMatchObject({ status: "failed", error: "it is gone" });
  const age = () => Number(gauges().find(([name]) => name === "database_age_seconds")![1]);
  expect(gauges()).toContainEqual(["database_up", 0]);
  const before = age();
  expect(age()).toBeGreaterThan(before);
  fail();
  expect(await pull()).toBeUndefined();
  expect(gauges()).toContainEqual(["database_up", 1]);
});

it("does once what is to be done while the database answers, and at once where there is none", async () => {
  let times = 0;
  const { source } = await start({}, async () => void times++);
  expect(times).toBe(1);
  const loaded = parseConfig(storedConfig4.tree.family, { file: "k", text: '{"Dhcp4": {}}' }, { read: () => "" });
  if (loaded.kind === "refused") throw new Error("refused");
  await source.complete(loaded.config, async () => void times++);
  expect(times).toBe(2);
});

it("has no metrics where there is no database", async () => {
  const { source } = await start({});
  const loaded = parseConfig(storedConfig4.tree.family, { file: "k", text: '{"Dhcp4": {}}' }, { read: () => "" });
  if (loaded.kind === "refused") throw new Error("refused");
  (await source.complete(loaded.config)).accept();
  expect(source.metrics()).toEqual([]);
});
