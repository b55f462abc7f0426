/** Relays in a row between a network of clients and the server's: Debian's dhcrelay -6, each on a host of its own. */
import { join } from "node:path";
import type { Lab, Network } from "../lab/lab.ts";

export interface Relayed6 {
  /** Where clients plug in. */
  readonly clients: Network;
  /** The clients' /64: `2001:db8:2::`. */
  readonly network: string;
}

/** The server must listen at 2001:db8::1 in 2001:db8::/64; behind the nth relay is 2001:db8:n::/64. */
export async function startRelays6(lab: Lab, backbone: Network, hops: number): Promise<Relayed6> {
  let above = { network: "2001:db8::", link: backbone };
  for (let hop = 1; hop <= hops; hop++) {
    const below = { network: `2001:db8:${hop}::`, link: lab.network() };
    const relay = lab.host(`relay${hop}`, { ipv6: true });
    relay.attach(above.link, "up0", `${above.network}2/64`);
    relay.attach(below.link, "down0", `${below.network}1/64`);
    // -I: adds an interface-id, which the server must send back.
    const files = ["-pf", join(lab.folder, `dhcrelay${hop}.pid`)];
    const program = relay.start(["dhcrelay", "-6", "-d", "-I", ...files, "-l", "down0", "-u", `${above.network}1%up0`]);
    await program.waitFor(/Sending on\s+Socket\/up0/);
    above = below;
  }
  return { clients: above.link, network: above.network };
}
