/** Pairs of servers, ours and Kea's: how they are configured, and in which state they are. */
import { join } from "node:path";
import { hooksOf } from "./kea.ts";
import type { DhcpConfig, Family, Server, Subject } from "./server.ts";

export type PairMode = "hot-standby" | "load-balancing" | "passive-backup";

const ADDRESSES = { server1: "10.0.0.1", server2: "10.0.0.2" } as const;
const SUBNETS = {
  4: { subnet4: [{ id: 1, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.100 - 10.0.0.199" }] }] },
  6: {
    subnet6: [
      {
        id: 1,
        subnet: "2001:db8::/64",
        interface: "eth0",
        pools: [{ pool: "2001:db8::1:0/112" }],
        "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 33, "delegated-len": 56 }],
      },
    ],
  },
} as const;
/** Each server gives addresses and prefixes of its own. */
const own = (pools: readonly object[]) => pools.map((pool, i) => ({ ...pool, "client-class": `HA_server${i + 1}` }));
const DIVIDED = {
  4: {
    subnet4: [
      {
        ...SUBNETS[4].subnet4[0],
        pools: own([{ pool: "10.0.0.100 - 10.0.0.149" }, { pool: "10.0.0.150 - 10.0.0.199" }]),
      },
    ],
  },
  6: {
    subnet6: [
      {
        ...SUBNETS[6].subnet6[0],
        pools: own([{ pool: "2001:db8::1:0/112" }, { pool: "2001:db8::2:0/112" }]),
        "pd-pools": own([
          { prefix: "2001:db8:8000::", "prefix-len": 34, "delegated-len": 56 },
          { prefix: "2001:db8:c000::", "prefix-len": 34, "delegated-len": 56 },
        ]),
      },
    ],
  },
};
const OTHERS = { "hot-standby": "standby", "load-balancing": "secondary", "passive-backup": "backup" } as const;
const LOGIN = { user: "partner", password: "secret" };

/**
 * Waits are short, but long enough for a machine that is busy.
 * @param change of the relationship @param way an address at which the other one is reached instead of its own
 */
export function pairConfig(
  subject: Subject,
  name: keyof typeof ADDRESSES,
  mode: PairMode,
  family: Family = 4,
  change: object = {},
  way?: string,
): DhcpConfig {
  const other = OTHERS[mode];
  const isAtSocket = subject === "kotare" && name === "server1" && !("trust-anchor" in change);
  const peers = Object.entries(ADDRESSES).map(([peer, address]) => ({
    name: peer,
    url: `http://${peer === name ? address : (way ?? address)}:8000/`,
    role: peer === "server1" ? "primary" : other,
    "basic-auth-user": LOGIN.user,
    "basic-auth-password": LOGIN.password,
  }));
  const relationship = {
    "this-server-name": name,
    mode,
    "heartbeat-delay": 500,
    "max-response-delay": 4000,
    "max-ack-delay": 1000,
    "max-unacked-clients": 0,
    // One of ours takes the commands of its partner at a control socket.
    "multi-threading": { "http-dedicated-listener": !isAtSocket },
    peers,
    ...change,
  };
  // Kea 3 knows its folder by a name of its own.
  const library = (file: string) => (subject === "kea" ? join(hooksOf(subject), file) : file);
  return {
    "valid-lifetime": 4000,
    ...(mode === "load-balancing" ? DIVIDED : SUBNETS)[family],
    "hooks-libraries": [
      { library: library("libdhcp_lease_cmds.so") },
      { library: library("libdhcp_ha.so"), parameters: { "high-availability": [relationship] } },
    ],
    ...(isAtSocket && { "control-sockets": [listener(ADDRESSES[name])] }),
  };
}

function listener(address: string): object {
  const authentication = { type: "basic", realm: "pair", clients: [LOGIN] };
  return { "socket-type": "http", "socket-address": address, "socket-port": 8000, authentication };
}

/** The same with a control socket for those who test it. */
export function withSocket(config: DhcpConfig, path: string): DhcpConfig {
  const { "control-sockets": others, ...rest } = config;
  const socket = { "socket-type": "unix", "socket-name": path };
  // Kea 2.6 knows one socket, and the old key only.
  if (others === undefined) return { ...rest, "control-socket": socket };
  return { ...rest, "control-sockets": [...(others as readonly object[]), socket] };
}

/** Resolves when the server goes to a state. @param from the state before; any unless given */
export async function inState({ program }: Server, state: string, from?: string): Promise<void> {
  await program.waitFor(
    new RegExp(`transitions from ${from?.toUpperCase() ?? "\\S+"} to ${state.toUpperCase()} state`),
  );
}
