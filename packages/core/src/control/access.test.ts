import { expect, it } from "vitest";
import { accessByName } from "./access.ts";
import { dhcpCommands } from "./commands/daemon-commands.ts";
import { leaseCommands4, leaseCommands6 } from "./commands/lease-commands.ts";

it.each([...dhcpCommands, ...leaseCommands4, ...leaseCommands6].map(({ name, access }) => [name, access] as const))(
  "%s changes by its name what it changes: %s",
  (name, access) => {
    expect(accessByName(name)).toBe(access);
  },
);

it.each([
  ["subnet6-list", "read"],
  ["ha-heartbeat", "read"],
  ["remote-subnet4-del-by-id", "write"],
  ["ha-sync", "write"],
  ["cache-get-by-id", "read"],
  ["nosuch", "write"],
])("of a command that is not ours, %s, it is %s", (name, access) => {
  expect(accessByName(name)).toBe(access);
});
