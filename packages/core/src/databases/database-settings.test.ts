import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LeaseDatabase } from "../config/schema/databases.ts";
import { databaseSchedule, databaseSettings, startSchedule } from "./database-settings.ts";

const parse = (keys: object) => LeaseDatabase.parse({ type: "postgresql", name: "kea", ...keys });
const settings = (keys: object) => databaseSettings(parse(keys));

it("host names several servers, in the order in which they are tried", () => {
  expect(settings({ host: "db1, db2,db3", port: 99 }).hosts).toEqual(
    ["db1", "db2", "db3"].map((host) => ({ host, port: 99 })),
  );
  expect(settings({}).hosts).toEqual([{ host: "localhost", port: 0 }]);
});

it("times are Kea's, in seconds; an answer is waited for even where none is given", () => {
  expect(settings({})).toMatchObject({ connectTimeout: 5000, answerTimeout: 10_000 });
  expect(settings({ "connect-timeout": 2, "read-timeout": 3, "write-timeout": 4 })).toMatchObject({
    connectTimeout: 2000,
    answerTimeout: 4000,
  });
  expect(settings({ "tcp-user-timeout": 7 }).answerTimeout).toBe(7000);
});

it("a password file is read for each connection", () => {
  const folder = mkdtempSync(join(tmpdir(), "kotare-password-"));
  const file = join(folder, "password");
  const { password } = settings({ "password-file": file });
  expect(password).toThrow("ENOENT");
  for (const secret of ["first", "second"]) {
    writeFileSync(file, `${secret}\n`);
    expect(password()).toBe(secret);
  }
  rmSync(folder, { recursive: true });
  expect(settings({ password: "plain" }).password()).toBe("plain");
  expect(settings({}).password()).toBeUndefined();
});

it.each([
  [{}, undefined],
  [{ "ssl-mode": "disable", "trust-anchor": "/ca" }, undefined],
  [{ "trust-anchor": "/ca" }, "certificate"],
  [{ "cipher-list": "HIGH" }, "certificate"],
  [{ "ssl-mode": "require" }, "nothing"],
  [{ "ssl-mode": "verify-ca", "trust-anchor": "/ca" }, "certificate"],
  [{ "ssl-mode": "verify-full", "trust-anchor": "/ca" }, "name"],
])("with %j TLS verifies %s", (keys, verify) => {
  expect(settings(keys).tls?.verify).toBe(verify);
});

describe("tries to connect", () => {
  const pauses = (schedule: (failures: number) => number | undefined) => [1, 2, 3, 4].map(schedule);

  it("go on for ever where nothing is said, at the start, too", () => {
    expect(pauses(databaseSchedule(parse({})))).toEqual([1000, 2000, 4000, 8000]);
    expect(pauses(startSchedule(parse({})))).toEqual([1000, 2000, 4000, 8000]);
  });

  it("are as many and as far apart as max-reconnect-tries and reconnect-wait-time say", () => {
    const keys = { "max-reconnect-tries": 2, "reconnect-wait-time": 500 };
    expect(pauses(databaseSchedule(parse(keys)))).toEqual([500, 500, undefined, undefined]);
    expect(pauses(startSchedule(parse({ ...keys, "retry-on-startup": true })))).toEqual([
      500,
      500,
      undefined,
      undefined,
    ]);
  });

  it("never go on for ever without a pause", () => {
    expect(pauses(databaseSchedule(parse({ "reconnect-wait-time": 0 })))).toEqual([1000, 2000, 4000, 8000]);
    expect(pauses(databaseSchedule(parse({ "reconnect-wait-time": 0, "max-reconnect-tries": 1 })))).toEqual([
      0,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("are one at the start where retry-on-startup is false", () => {
    expect(pauses(startSchedule(parse({ "retry-on-startup": false })))[0]).toBeUndefined();
  });
});
