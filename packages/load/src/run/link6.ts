/** The way of DHCPv6: frames on a link, or datagrams of a relay to one server. */
import { PlainError } from "@kotare/core/base/plain-error";
import { isLinkLocal, parseIpv6Key, readIpv6Key, UNSPECIFIED } from "@kotare/core/ip/ipv6-key";
import type { Address6 } from "@kotare/netio/frames/address6";
import { listInterfaces } from "@kotare/netio/interfaces/interfaces";
import type { Destination6 } from "@kotare/netio/transports/datagram";
import { openRaw6 } from "@kotare/netio/transports/raw/raw6-transport";
import type { Plan } from "../plan.ts";
import type { Link } from "./link.ts";

const SERVER_PORT = 547;
const CLIENT_PORT = 546;
/** All_DHCP_Relay_Agents_and_Servers (RFC 8415 §7.1), and the Ethernet address of this group (RFC 2464 §7). */
const ALL_SERVERS = parseIpv6Key("ff02::1:2")!;
const ALL_SERVERS_MAC = Uint8Array.of(0x33, 0x33, 0, 1, 0, 2);

export function openLink6(plan: Plan): Link<Address6> {
  const { interface: name, server, relays } = plan;
  const interfaces = listInterfaces();
  const link = [...interfaces.values()].find((each) => each.name === name);
  if (link === undefined) throw new PlainError(`there is no interface ${name}`);
  const source = link.ipv6
    .filter(({ tentative }) => !tentative)
    .map(({ address }) => readIpv6Key(address))
    .find(isLinkLocal);
  if (source === undefined) throw new PlainError(`${name} has no link-local address that is ready for use`);
  const transport = openRaw6(relays.length > 0 ? SERVER_PORT : CLIENT_PORT, { interfaces });
  const destination: Destination6 = {
    ifindex: link.index,
    port: SERVER_PORT,
    ...(server === undefined
      ? { source, address: ALL_SERVERS, mac: ALL_SERVERS_MAC }
      : { source: UNSPECIFIED, address: parseIpv6Key(server)! }),
  };
  const dispose = () => transport[Symbol.dispose]();
  try {
    transport.claim({ name: link.name, ifindex: link.index });
  } catch (error) {
    dispose();
    throw error;
  }
  // It has to be told when its sockets have something, which its ring has not.
  transport.start(() => undefined);
  return { transport, destinationOf: () => destination, [Symbol.dispose]: dispose };
}
