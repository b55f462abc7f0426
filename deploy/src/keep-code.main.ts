/**
 * keep-code.main.mjs TOP: starts each daemon that has been bundled there once, so that V8 keeps what it compiles meanwhile
 * (packages/core/src/program/bundle.ts). It is of use to the same node with the same flags only: those of the launcher.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Rehearsed at a start, and not opened, as it has no login. */
const SOCKETS = { "control-sockets": [{ "socket-type": "http", "socket-address": "127.0.0.1" }] };
/** They are not there, and a start goes on without them: what has been compiled to connect to them is kept all the same. */
const DATABASES = ["mysql", "postgresql"].map((type) => ({
  type,
  host: "/nonexistent/socket",
  name: "none",
  user: "nobody",
  "on-fail": "serve-retry-continue",
}));
/** Those of a server without clients, and of none. */
const NO_CLIENTS = {
  ...SOCKETS,
  "interfaces-config": { interfaces: [] },
  "lease-database": { type: "memfile" },
  "hosts-databases": DATABASES,
};
const CONFIGS = {
  dhcp4d: { Dhcp4: { ...NO_CLIENTS, subnet4: [{ id: 1, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.0/25" }] }] } },
  dhcp6d: {
    Dhcp6: { ...NO_CLIENTS, subnet6: [{ id: 1, subnet: "2001:db8::/64", pools: [{ pool: "2001:db8::/80" }] }] },
  },
  d2d: { DhcpDdns: SOCKETS },
};

/** @throws Error with what the daemon said, if it does not start */
async function keepCode(folder: string, name: string, config: object): Promise<void> {
  const [, flags = ""] = /^flags=(.*)$/m.exec(readFileSync(join(folder, "bin", name), "utf8")) ?? [];
  const data = mkdtempSync(join(tmpdir(), "kotare-build-"));
  const file = join(data, "config.json");
  writeFileSync(file, JSON.stringify(config));
  const daemon = spawn(
    process.execPath,
    [...flags.split(" ").filter(Boolean), join(folder, "dist/keep-code.cjs"), "-c", file],
    { env: { ...process.env, KEA_DHCP_DATA_DIR: data, KEA_PIDFILE_DIR: data }, stdio: ["ignore", "pipe", "inherit"] },
  );
  let said = "";
  daemon.stdout.on("data", (bytes: Buffer) => {
    said += bytes.toString();
    if (said.includes("_STARTED")) daemon.kill();
  });
  const [status] = await once(daemon, "close");
  rmSync(data, { recursive: true });
  if (status !== 0) throw new Error(`${name} could not be started:\n${said}`);
}

const [top] = process.argv.slice(2);
if (top === undefined) throw new Error("usage: keep-code.main.mjs TOP");
for (const [name, config] of Object.entries(CONFIGS)) await keepCode(join(top, "apps", name), name, config);
