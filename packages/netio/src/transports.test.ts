import { execFileSync } from "node:child_process";
import { beforeAll } from "vitest";
import { type Interface, listInterfaces } from "./interfaces.ts";
import { testInNamespace } from "./namespaced-tests.ts";
import { openRaw } from "./raw-transport.ts";
import { describeTransport } from "./transport.contract.ts";
import { openUdp } from "./udp-transport.ts";

const SERVER = 0x0a000001;
const CLIENT = 0x0a000002;
const NO_INTERFACE = 9999;

testInNamespace(import.meta.url, () => {
  let server: Interface;
  let client: Interface;

  beforeAll(() => {
    for (const command of [
      "link set lo up",
      "link add server0 type veth peer name client0",
      "addr add 10.0.0.1/24 dev server0",
      "addr add 10.0.0.2/24 dev client0",
      "link set server0 up",
      "link set client0 up",
    ]) {
      execFileSync("ip", command.split(" "));
    }
    const links = [...listInterfaces().values()];
    server = links.find(({ name }) => name === "server0") as Interface;
    client = links.find(({ name }) => name === "client0") as Interface;
  });

  describeTransport("raw", { depth: 5000, broadcast: true }, () => {
    const toServer = { ifindex: client.index, source: CLIENT, address: SERVER, port: 67, mac: server.mac };
    const toClient = { ifindex: server.index, source: SERVER, address: CLIENT, port: 68, mac: client.mac };
    return {
      server: openRaw({ serverPort: 67 }),
      client: openRaw({ serverPort: 68 }),
      toServer,
      toClient,
      clientPort: 68,
      serverIfindex: server.index,
      clientMac: client.mac,
      unreachable: { ...toServer, ifindex: NO_INTERFACE },
    };
  });

  // Both ends are this host's, so the kernel takes the way over the loopback interface.
  describeTransport("udp", { depth: 100, broadcast: false }, () => {
    const toServer = { ifindex: 1, source: CLIENT, address: SERVER, port: 67, mac: undefined };
    return {
      server: openUdp([{ address: SERVER, ifindex: server.index }], 67),
      client: openUdp([{ address: CLIENT, ifindex: client.index }], 68),
      toServer,
      toClient: { ifindex: 1, source: SERVER, address: CLIENT, port: 68, mac: undefined },
      clientPort: 68,
      serverIfindex: 1,
      clientMac: undefined,
      unreachable: { ...toServer, ifindex: NO_INTERFACE },
    };
  });
});
