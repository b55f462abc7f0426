/** A pair of servers, each on a Debian system of its own: what its systemd says of both. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Lab } from "../lab/lab.ts";
import type { BootedSystem, System } from "../lab/system.ts";
import { pairConfig } from "./pair.ts";

/** @param systems that have dhcp4d */
export async function playPairOfSystems(lab: Lab, systems: readonly [System, System]): Promise<void> {
  const lan = lab.network();
  const boot = (name: "server1" | "server2", number: 0 | 1): Promise<BootedSystem> => {
    const { root } = systems[number];
    const config = { ...pairConfig("kotare", name, "hot-standby"), "interfaces-config": { interfaces: ["eth0"] } };
    writeFileSync(join(root, "etc/kotare/dhcp4d.conf"), JSON.stringify({ Dhcp4: config }));
    const host = lab.host(name);
    host.attach(lan, "eth0", `10.0.0.${number + 1}/24`);
    return systems[number].boot(host);
  };
  await using first = await boot("server1", 0);
  await using second = await boot("server2", 1);
  const says = (booted: BootedSystem, words: string) =>
    // Its exit code is that of a service that does not run, too.
    expect
      .poll(() => booted.run("sh", "-c", "systemctl status dhcp4d || true"), { timeout: 60_000 })
      .toMatch(new RegExp(`Active: active \\(running\\)[^]*Status: ".*${words}"`));
  await says(first, "server1 hot-standby, server2 hot-standby");
  await says(second, "server2 hot-standby, server1 hot-standby");
  second.run("systemctl", "stop", "dhcp4d");
  await says(first, "server1 partner-down, server2 silent");
  second.run("systemctl", "start", "dhcp4d");
  await says(first, "server1 hot-standby, server2 hot-standby");
}
