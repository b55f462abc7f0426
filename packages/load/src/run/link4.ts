/** The way of DHCPv4: frames on a link by a ring, or datagrams of relays by UDP sockets. */
import { PlainError } from "@kotare/core/base/plain-error";
import { LIMITED_BROADCAST, parseIpv4 } from "@kotare/core/ip/ipv4";
import { listInterfaces } from "@kotare/netio/interfaces/interfaces";
import type { Destination } from "@kotare/netio/transports/datagram";
import { holdPort } from "@kotare/netio/transports/hold-port";
import { openRaw4 } from "@kotare/netio/transports/raw/raw4-transport";
import { openUdp4 } from "@kotare/netio/transports/udp/udp4-transport";
import type { Plan } from "../plan.ts";
import type { Link } from "./link.ts";

const SERVER_PORT = 67;
const CLIENT_PORT = 68;

export function openLink4(plan: Plan): Link<number> {
  return plan.relays.length > 0 ? openRelays(plan) : openClients(plan.interface!);
}

function openRelays({ relays, server }: Plan): Link<number> {
  const addresses = relays.map((relay) => ({ address: parseIpv4(relay)!, ifindex: 0 }));
  const transport = openUdp4(addresses, SERVER_PORT);
  const destinations: Destination[] = addresses.map(({ address }) => ({
    ifindex: 0,
    source: address,
    address: parseIpv4(server!)!,
    port: SERVER_PORT,
  }));
  return {
    transport,
    destinationOf: (client) => destinations[client % destinations.length]!,
    [Symbol.dispose]: () => transport[Symbol.dispose](),
  };
}

function openClients(name: string): Link<number> {
  const link = [...listInterfaces().values()].find((each) => each.name === name);
  if (link === undefined) throw new PlainError(`there is no interface ${name}`);
  const transport = openRaw4({ serverPort: CLIENT_PORT });
  try {
    const port = holdPort(CLIENT_PORT, name);
    const destination: Destination = { ifindex: link.index, source: 0, address: LIMITED_BROADCAST, port: SERVER_PORT };
    return {
      transport,
      destinationOf: () => destination,
      [Symbol.dispose]() {
        port[Symbol.dispose]();
        transport[Symbol.dispose]();
      },
    };
  } catch (error) {
    transport[Symbol.dispose]();
    throw error;
  }
}
