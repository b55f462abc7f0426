/** Reservations: by every identifier, in and out of the pool, in the subnet and global, and in conflict with leases. */

import { hex, text } from "@kotare/testkit/payloads";
import type { DhcpConfig } from "../../subject/server.ts";
import { asks } from "../scene.ts";
import { client, discover, extend, initReboot, macClientId, relayed, release, selecting, unicast } from "./client.ts";
import { LAN } from "./lan.ts";
import { bind, binds } from "./play.ts";
import type { Exchange4, Scene4 } from "./stage.ts";

const DUID_CLIENT = hex("ff 11223344 0001 0001 2b2b2b2b 02aa00000099");
const RELAY = { giaddr: "10.0.0.1", agent: [[1, text("port-9")]] } as const;

const reservations = [
  { "hw-address": client(1).mac, "ip-address": "10.0.0.51", hostname: "one" },
  { "hw-address": client(2).mac, "ip-address": "10.0.0.202" },
  { "client-id": "01:02:aa:00:00:00:03", "ip-address": "10.0.0.53" },
  { duid: "00:01:00:01:2b:2b:2b:2b:02:aa:00:00:00:99", "ip-address": "10.0.0.54" },
  { "circuit-id": "'port-9'", "ip-address": "10.0.0.55" },
  {
    "hw-address": client(6).mac,
    "ip-address": "10.0.0.56",
    hostname: "six.example.net",
    "next-server": "10.0.0.66",
    "server-hostname": "boot.example.org",
    "boot-file-name": "/six.img",
    "option-data": [
      { name: "domain-name-servers", data: "10.0.0.99" },
      { name: "log-servers", data: "10.0.0.98", "always-send": true },
    ],
  },
  { "hw-address": client(7).mac, hostname: "seven" },
  { "hw-address": client(8).mac, "ip-address": "10.0.0.58" },
  { "client-id": "01:02:aa:00:00:00:08", "ip-address": "10.0.0.59" },
  { "hw-address": client(11).mac, "ip-address": "10.0.0.61" },
];

const identifiers: Exchange4[] = [
  binds("by hw-address, in the pool", client(1)),
  binds("by hw-address, out of the pool", client(2)),
  binds("by hw-address, another address wanted", client(1), { wanted: "10.0.0.77" }),
  binds("by client-id", client(3, macClientId(client(3).mac))),
  binds("by duid in an RFC 4361 client identifier", client(4, DUID_CLIENT)),
  binds("by circuit-id", client(5), { via: (query) => relayed(query, RELAY) }),
  binds("with options, host name and boot fields", client(6), { prl: [1, 3, 6, 12, 15, 42, 51, 54, 66, 67] }),
  binds("without an address", client(7), { wanted: "10.0.0.107", prl: [1, 3, 12] }),
  binds("hw-address comes before client-id", client(8, macClientId(client(8).mac))),
  {
    title: "INIT-REBOOT: the reserved address without a lease, and another",
    async play(script) {
      await script.tell("reserved", initReboot(client(11), "10.0.0.61"));
      await script.tell("another", initReboot(client(11), "10.0.0.90"));
    },
  },
];

const conflicts: Exchange4[] = [
  {
    title: "a stranger wants a reserved address",
    async play(script) {
      const offer = await script.ask("DISCOVER", discover(client(20), { options: [[50, hex("0a000033")]] }));
      await script.tell("REQUEST of it all the same", selecting(client(20), { ...offer, yiaddr: "10.0.0.51" }));
    },
  },
  {
    title: "renewed, released, and bound again",
    async play(script) {
      await bind(script, client(1));
      await script.ask("renews", extend(client(1), "10.0.0.51"), unicast("10.0.0.51"));
      await script.tell("releases", release(client(1), "10.0.0.51"), unicast("10.0.0.51"));
      await bind(script, client(1));
    },
  },
  {
    title: "two reservations claim one client: hw-address wins also on renewal",
    async play(script) {
      const who = client(8, macClientId(client(8).mac));
      const ack = await bind(script, who);
      await script.ask("renews", extend(who, ack.yiaddr), unicast(ack.yiaddr));
    },
  },
];

/** Two clients with the same reservation: the second finds its address taken. */
const shared: Exchange4[] = [
  {
    title: "a reserved address that somebody else holds",
    async play(script) {
      await bind(script, client(30));
      await script.ask("DISCOVER of the other", discover(client(31)));
      await script.tell("holder releases", release(client(30), "10.0.0.80"), unicast("10.0.0.80"));
      await script.pause(1.1); // Kea gives a released address to others only in the next second
      await bind(script, client(31));
      await script.ask("DISCOVER of the first", discover(client(30)));
    },
  },
];

const global: Exchange4[] = [
  binds("global, by hw-address", client(40), { prl: [1, 3, 12, 6] }),
  binds("global, by client-id", client(41, macClientId(client(41).mac)), { prl: [1, 3, 12, 6] }),
  binds("global and in the subnet: the subnet's wins", client(42), { prl: [1, 3, 12, 6] }),
  binds("global, host name only", client(43), { wanted: "10.0.0.143", prl: [1, 3, 12] }),
];

const globalReservations = [
  { "hw-address": client(40).mac, "ip-address": "10.0.0.40", hostname: "forty" },
  { "client-id": "01:02:aa:00:00:00:29", "ip-address": "10.0.0.241", hostname: "forty-one" },
  { "hw-address": client(42).mac, "ip-address": "10.0.0.42", hostname: "everywhere" },
  { "hw-address": client(43).mac, hostname: "forty-three" },
];

const timers = { "valid-lifetime": 4000 };

function withModes(global: boolean, inSubnet: boolean, outOfPool: boolean): DhcpConfig {
  return {
    ...timers,
    "reservations-global": global,
    "reservations-in-subnet": inSubnet,
    "reservations-out-of-pool": outOfPool,
  };
}

export const reservationScenes: Scene4[] = [
  {
    title: "reservations",
    config: { ...timers, subnet4: [{ ...LAN, reservations }] },
    exchanges: [...identifiers, ...conflicts],
  },
  {
    title: "reservations, one address for two",
    config: {
      ...timers,
      "ip-reservations-unique": false,
      subnet4: [
        {
          ...LAN,
          reservations: [
            { "hw-address": client(30).mac, "ip-address": "10.0.0.80" },
            { "hw-address": client(31).mac, "ip-address": "10.0.0.80" },
          ],
        },
      ],
    },
    exchanges: shared,
  },
  {
    title: "reservations, global",
    config: {
      ...withModes(true, true, false),
      reservations: globalReservations,
      subnet4: [
        { ...LAN, reservations: [{ "hw-address": client(42).mac, "ip-address": "10.0.0.52", hostname: "here" }] },
      ],
    },
    exchanges: global,
  },
  {
    title: "reservations, global only",
    config: {
      ...withModes(true, false, false),
      reservations: globalReservations,
      subnet4: [
        { ...LAN, reservations: [{ "hw-address": client(42).mac, "ip-address": "10.0.0.52", hostname: "here" }] },
      ],
    },
    exchanges: global,
  },
  {
    title: "reservations, out of pool",
    config: { ...withModes(false, true, true), subnet4: [{ ...LAN, reservations: reservations.slice(0, 2) }] },
    exchanges: [
      binds("in the pool: not looked for", client(1), { wanted: "10.0.0.101" }),
      binds("out of the pool", client(2)),
    ],
  },
  {
    title: "reservations, switched off",
    config: { ...withModes(false, false, false), subnet4: [{ ...LAN, reservations: reservations.slice(0, 2) }] },
    exchanges: [binds("nobody has one", client(1), { wanted: "10.0.0.101" })],
  },
  {
    title: "reservations, identifiers in another order",
    config: {
      ...timers,
      "host-reservation-identifiers": ["client-id", "hw-address"],
      subnet4: [{ ...LAN, reservations }],
    },
    exchanges: [
      binds("client-id comes first", client(8, macClientId(client(8).mac))),
      asks("duid is not looked for", discover(client(4, DUID_CLIENT), { options: [[50, hex("0a000068")]] })),
    ],
  },
];
