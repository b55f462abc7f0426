/** What DHCPv4 clients do that changes statistics. */

import { u32 } from "@kotare/testkit/payloads";
import { MessageType4 } from "../../wire/message4.ts";
import { client, decline, discover, extend, inform, initReboot, release, unicast } from "../dhcp4/client.ts";
import { bind } from "../dhcp4/play.ts";
import type { Speech4 } from "../dhcp4/stage.ts";
import type { History } from "./history.ts";

const RESERVED = "10.0.0.200";
const LAN = {
  id: 1,
  subnet: "10.0.0.0/24",
  pools: [
    { pool: "10.0.0.10-10.0.0.11", "pool-id": 3 },
    { pool: "10.0.0.20-10.0.0.24" },
    { pool: "10.0.0.40-10.0.0.41" },
  ],
  reservations: [{ "hw-address": client(50).mac, "ip-address": RESERVED }],
};
const OTHER = { id: 2, subnet: "10.1.0.0/16", pools: [{ pool: "10.1.0.10-10.1.0.19", "pool-id": 4 }] };
const BASE = { "min-valid-lifetime": 1, "valid-lifetime": 4000, "decline-probation-period": 1 };
/** Option 51: a lease that ends soon. */
const SHORT = { options: [[51, u32(1)] as const] };
const NOBODY = { name: "nobody", test: "option[253].exists" };
const RECLAIM = { remove: false };

const [FUTURE, PAST] = [2_500_000_000, 1_000_000_000];
const LEASES = `address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id
10.1.0.10,02:aa:aa:aa:aa:01,,4000,${FUTURE},2,0,0,,0,,4
10.1.0.11,02:aa:aa:aa:aa:02,,4000,${FUTURE},2,0,0,,0,,4
10.1.0.12,,,4000,${FUTURE},2,0,0,,1,,4
10.1.0.13,02:aa:aa:aa:aa:03,,4000,${PAST},2,0,0,,2,,4
this is no row
10.1.0.14,02:aa:aa:aa:aa:04,,4000,not a time,2,0,0,,0,,4
10.1.0.15,02:aa:aa:aa:aa:05,,4000,${FUTURE},2,0,0,,0,,4
10.1.0.15,02:aa:aa:aa:aa:05,,0,${FUTURE},2,0,0,,0,,4
10.9.0.10,02:aa:aa:aa:aa:06,,4000,${FUTURE},9,0,0,,0,,0
10.1.0.90,02:aa:aa:aa:aa:07,,4000,${FUTURE},2,0,0,,0,,7
`;

export const history4: History<Speech4> = {
  title: "DHCPv4",
  config: { ...BASE, subnet4: [LAN, OTHER] },
  leases: LEASES,
  chapters: [
    {
      title: "a client binds and renews",
      async play(script) {
        const { yiaddr } = await bind(script, client(1), { wanted: "10.0.0.10" });
        await script.ask("renews", extend(client(1), yiaddr), unicast(yiaddr));
      },
    },
    {
      title: "it gives its address back",
      async play(script, { command }) {
        await script.tell("releases", release(client(1), "10.0.0.10"), unicast("10.0.0.10"));
        await command("leases-reclaim", RECLAIM);
      },
    },
    { title: "it comes back", play: async (script) => void (await bind(script, client(1), { wanted: "10.0.0.10" })) },
    {
      title: "somebody declines",
      async play(script) {
        await bind(script, client(2), { wanted: "10.0.0.11" });
        await script.tell("declines", decline(client(2), "10.0.0.11"));
      },
    },
    {
      title: "the rest is over",
      async play(script, { command }) {
        await script.pause(2.1);
        await command("leases-reclaim", RECLAIM);
      },
    },
    {
      title: "a lease expires",
      async play(script, { command }) {
        await bind(script, client(3), { wanted: "10.0.0.20", ...SHORT });
        await script.pause(2.1);
        await command("leases-reclaim", RECLAIM);
      },
    },
    {
      title: "a lease is over, and its client comes back before anybody has seen it",
      async play(script) {
        await bind(script, client(4), { wanted: "10.0.0.21", ...SHORT });
        await script.pause(2.1);
        await bind(script, client(4), { wanted: "10.0.0.21" });
      },
    },
    {
      title: "an address outside of all pools",
      play: async (script) => void (await bind(script, client(50))),
    },
    {
      title: "messages that are answered otherwise",
      async play(script) {
        await script.ask("INFORM", inform(client(20), "10.0.0.66"), unicast("10.0.0.66"));
        await script.ask("NAK", initReboot(client(1), "10.0.0.41"));
      },
    },
    {
      title: "messages that no server takes",
      async play(script) {
        const message = discover(client(30));
        const typed = (type: number) => ({ ...message, options: [[53, Uint8Array.of(type)] as const] });
        for (const type of [MessageType4.OFFER, MessageType4.ACK, MessageType4.NAK, 10, 99]) {
          await script.tell(`type ${type}`, typed(type));
        }
        await script.tell("no type", { ...message, options: [] });
        await script.tellBytes("no cookie", message, (payload) => payload.with(236, 0));
      },
    },
    {
      title: "messages that get no answer",
      async play(script) {
        await script.tell("another server's", {
          ...discover(client(30)),
          options: [
            [53, Uint8Array.of(MessageType4.REQUEST)],
            [50, Uint8Array.of(10, 0, 0, 22)],
            [54, Uint8Array.of(10, 0, 0, 99)],
          ],
        });
        await script.tell("unknown", initReboot(client(30), "10.0.0.22"));
        await script.tell("RELEASE of nothing", release(client(30), "10.0.0.22"), unicast("10.0.0.22"));
        await script.tell("DECLINE of nothing", decline(client(30), "10.0.0.22"));
      },
    },
    {
      title: "the pools are full",
      async play(script) {
        for (let number = 60; number < 66; number++) await bind(script, client(number));
        await script.tell("one too many", discover(client(66)));
      },
    },
    {
      title: "a lease is added by command",
      play: (_, { command }) =>
        command("lease4-add", {
          "ip-address": "10.1.0.17",
          "hw-address": client(70).mac,
          "subnet-id": 2,
          "pool-id": 4,
        }),
    },
    {
      title: "it is deleted by command",
      play: (_, { command }) => command("lease4-del", { "ip-address": "10.1.0.17" }),
    },
    { title: "all of a subnet are deleted", play: (_, { command }) => command("lease4-wipe", { "subnet-id": 2 }) },
    {
      title: "a subnet is taken out of the configuration",
      play: (_, { reload }) => reload({ ...BASE, subnet4: [LAN] }),
    },
    {
      title: "it comes back, with a larger pool",
      play: (_, { reload }) =>
        reload({ ...BASE, subnet4: [LAN, { ...OTHER, pools: [{ pool: "10.1.0.0/17", "pool-id": 4 }] }] }),
    },
  ],
};

const FLOOR = [
  { id: 1, subnet: "10.0.0.0/24", interface: "eth0", pools: [{ pool: "10.0.0.10/32" }] },
  { id: 2, subnet: "10.1.0.0/24", pools: [{ pool: "10.1.0.10/32" }] },
];

export const sharedHistory4: History<Speech4> = {
  title: "DHCPv4, a shared network with a lease cache",
  config: { ...BASE, "cache-threshold": 0.5, "shared-networks": [{ name: "floor", subnet4: FLOOR }] },
  leases: LEASES.slice(0, LEASES.indexOf("\n") + 1),
  chapters: [
    {
      title: "two clients bind",
      async play(script) {
        await bind(script, client(1));
        await bind(script, client(2));
      },
    },
    {
      title: "a renewal out of the cache",
      play: async (script) => void (await script.ask("renews", extend(client(1), "10.0.0.10"), unicast("10.0.0.10"))),
    },
    { title: "both pools are full", play: (script) => script.tell("DISCOVER", discover(client(3))) },
    {
      title: "a reserved address is in use",
      async play(script, { reload }) {
        const reservations = [{ "hw-address": client(4).mac, "ip-address": "10.0.0.10" }];
        const pools = [{ pool: "10.0.0.10-10.0.0.11" }];
        await reload({ ...BASE, subnet4: [{ ...FLOOR[0], pools, reservations }, FLOOR[1]] });
        await bind(script, client(4));
      },
    },
    {
      title: "there are no pools",
      async play(script, { reload }) {
        await reload({ ...BASE, subnet4: FLOOR.map((subnet) => ({ ...subnet, pools: [] })) });
        await script.tell("DISCOVER", discover(client(5)));
      },
    },
    {
      title: "no pool is for the client",
      async play(script, { reload }) {
        const pools = [{ pool: "10.0.0.100-10.0.0.110", "client-class": NOBODY.name }];
        await reload({ ...BASE, "client-classes": [NOBODY], subnet4: [{ ...FLOOR[0], pools }] });
        await script.tell("DISCOVER", discover(client(7)));
      },
    },
    {
      title: "there is no subnet",
      async play(script, { reload }) {
        await reload({ ...BASE, subnet4: [OTHER] });
        await script.tell("DISCOVER", discover(client(6)));
        await script.tell("INIT-REBOOT", initReboot(client(6), "10.0.0.10"));
      },
    },
  ],
};
