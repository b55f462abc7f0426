import { beforeAll } from "vitest";
import { type Address6, readAddress6 } from "./address6.ts";
import type { Destination6 } from "./datagram.ts";
import type { Interface } from "./interfaces.ts";
import { findInterface, ip, testInNamespace } from "./namespaced-tests.ts";
import { describeTransport } from "./transport.contract.ts";
import { type Endpoint6, openUdp6, type Transport6 } from "./udp6-transport.ts";

const SERVER = address("fe80000000000000000000000000000a");
const CLIENT = address("fe80000000000000000000000000000b");
const RELAY_AGENTS_AND_SERVERS = address("ff020000000000000000000000010002");
const SERVERS = address("ff050000000000000000000000010003");
const NO_INTERFACE = 9999;

function address(hex: string): Address6 {
  return readAddress6(Buffer.from(hex, "hex"), 0);
}

testInNamespace(import.meta.url, () => {
  let server: Interface;
  let client: Interface;

  beforeAll(() => {
    ip(
      "link set lo up",
      "link add server0 type veth peer name client0",
      "link set server0 addrgenmode none up",
      "link set client0 addrgenmode none up",
      "addr add fe80::a/64 dev server0 nodad",
      "addr add fe80::b/64 dev client0 nodad",
      "addr add 2001:db8::a/64 dev server0 nodad",
      "addr add 2001:db8::b/64 dev client0 nodad",
    );
    server = findInterface("server0");
    client = findInterface("client0");
  });

  function listening(transport: Transport6, ...endpoints: Endpoint6[]): Transport6 {
    transport.listen(endpoints);
    return transport;
  }

  const served = ({ name, index }: Interface): Endpoint6 => ({ name, ifindex: index });

  describeTransport("udp6", { depth: 1000, groups: [RELAY_AGENTS_AND_SERVERS, SERVERS] }, () => {
    const toServer: Destination6 = { ifindex: client.index, source: CLIENT, address: SERVER, port: 547 };
    return {
      server: listening(openUdp6(547), served(server)),
      client: listening(openUdp6(546), served(client)),
      toServer,
      toClient: { ifindex: server.index, source: SERVER, address: CLIENT, port: 546 },
      clientPort: 546,
      serverIfindex: server.index,
      clientMac: undefined,
      unreachable: { ...toServer, ifindex: NO_INTERFACE },
    };
  });
});
