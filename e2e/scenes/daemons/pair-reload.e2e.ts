/** Two servers of a pair get a new subnet, one after the other. */
import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { inPair } from "../../src/subject/in-pair.ts";
import { getServed } from "../../src/wire/dora.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const SUBNETS = [
  { id: 1, subnet: "10.0.0.0/24" },
  { id: 2, subnet: "10.0.1.0/24", pools: [{ pool: "10.0.1.100 - 10.0.1.199" }] },
];

test("leases that the first one has given there meanwhile come to the second one with its subnet", () =>
  inPair(["kotare", "kotare"], async ({ clients, primary, other }) => {
    using probe = await Probe4.open(clients, "eth0");
    const config = (server: typeof primary) => {
      const { Dhcp4 } = JSON.parse(readFileSync(server.configFile, "utf8"));
      return { ...Dhcp4, subnet4: [], "shared-networks": [{ name: "lan", subnet4: SUBNETS }] };
    };
    await primary.reload(config(primary));
    const from = other.program.lines.length;
    const { yiaddr } = await getServed(probe, "02:00:00:00:0d:01");
    expect(yiaddr).toMatch(/^10\.0\.1\./);
    await other.program.waitFor(/HA_SYNC_SUCCESSFUL .* 0 were newer/, { from });
    expect(other.leases().size).toBe(0);
    await other.reload(config(other));
    await vi.waitFor(() => expect([...other.leases().keys()]).toEqual([yiaddr]), 60_000);
  }));
