/** DHCPv6's stage: one server on a switch with the clients and relays. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { linkLocal } from "../../wire/ipv6-text.ts";
import { encodeMessage6, type Message6, MessageType6 } from "../../wire/message6.ts";
import { Probe6, type Route6 } from "../../wire/probe6.ts";
import type { Exchange, Scene } from "../scene.ts";
import type { Script } from "../script.ts";
import type { Stage } from "../speech.ts";
import { client, type Query, RELAY_MAC, universal } from "./client.ts";
import { fieldsOf6 } from "./fields.ts";
import { SERVER, SERVER_ID } from "./lan.ts";

export interface Speech6 {
  query: Query;
  route: Partial<Route6>;
  message: Message6;
}

export type Exchange6 = Exchange<Speech6>;
export type Scene6 = Scene<Speech6>;
export type Script6 = Script<Speech6>;

/** Everybody who may send. */
const MACS = [
  RELAY_MAC,
  ...Array.from({ length: 256 }, (_, number) => client(number).mac),
  ...Array.from({ length: 16 }, (_, number) => universal(number)),
];

export const stage6: Stage<Speech6> = {
  family: 6,
  config: { "server-id": SERVER_ID },
  ping: { mac: client(0).mac, type: MessageType6.INFORMATION_REQUEST, options: [] },
  silence: { relays: [], type: 0, xid: 0, options: [] },
  plugIn(lab) {
    const network = lab.network();
    const server = lab.host("server", { ipv6: true });
    server.attach(network, "eth0", SERVER.prefix, SERVER.mac);
    const clients = lab.host("clients");
    clients.attach(network, "eth0");
    // Nobody is there to answer the kernel's neighbour solicitations.
    const known = MACS.map((mac) => `neighbour replace ${linkLocal(mac)} lladdr ${mac} dev eth0 nud permanent\n`);
    const batch = join(lab.folder, "neighbours");
    writeFileSync(batch, known.join(""));
    server.ip("-batch", batch);
    return { server, clients };
  },
  async open(clients) {
    const probe = await Probe6.open(clients, "eth0");
    return {
      send(query, xid, route, spoil = (payload) => payload) {
        const payload = encodeMessage6({ relays: [], xid, ...query });
        const { mac } = query;
        probe.send(spoil(payload), { sourceMac: mac, source: linkLocal(mac), sourcePort: 546, ...route });
      },
      next: (timeout) => probe.next(timeout),
      [Symbol.dispose]: () => probe[Symbol.dispose](),
    };
  },
  fieldsOf: fieldsOf6,
};
