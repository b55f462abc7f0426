import { expect, it } from "vitest";
import type { DaemonState } from "./daemon-state.ts";
import { databasesIn } from "./databases.tsx";

it("databases of configuration and of reservations are told, each with what is wrong", () => {
  const states = [
    {
      service: "dhcp4",
      status: {
        "config-database": { status: "failed", type: "mysql", error: "refused" },
        "hosts-databases": [{ name: "file hosts", status: "ready" }],
      },
    },
    { service: "dhcp6", status: {} },
    { service: "d2", status: undefined },
  ] as unknown as readonly DaemonState[];
  expect(databasesIn(states, { mysql: "MySQL" })).toEqual([
    { service: "dhcp4", of: "configuration", status: "failed", which: "MySQL: refused" },
    { service: "dhcp4", of: "reservations", status: "ready", which: "file hosts" },
  ]);
});
