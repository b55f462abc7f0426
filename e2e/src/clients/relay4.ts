/** A relay between a network of clients and the server's: Debian's dhcrelay on a host that also routes. */
import { join } from "node:path";
import type { Host, Lab, Network } from "../lab/lab.ts";

export interface Relayed4 {
  /** Where clients plug in. */
  readonly clients: Network;
  readonly relay: Host;
}

/** The clients' network is 10.1.0.0/24, the server must be at 10.0.0.1 in 10.0.0.0/24. */
export async function startRelay4(lab: Lab, server: Host, backbone: Network): Promise<Relayed4> {
  const clients = lab.network();
  const relay = lab.host("relay");
  relay.attach(backbone, "up0", "10.0.0.2/24");
  relay.attach(clients, "down0", "10.1.0.1/24");
  relay.set("net/ipv4/ip_forward", 1);
  server.ip("route", "add", "10.1.0.0/24", "via", "10.0.0.2");
  // -a: adds option 82 with the interface's name.
  const program = relay.start([
    "dhcrelay",
    "-4",
    "-d",
    "-a",
    "-pf",
    join(lab.folder, "dhcrelay.pid"),
    "-iu",
    "up0",
    "-id",
    "down0",
    "10.0.0.1",
  ]);
  await program.waitFor(/Sending on\s+Socket\/fallback/);
  return { clients, relay };
}
