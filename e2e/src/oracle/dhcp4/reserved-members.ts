/** Classes whose tests ask for what a reservation gives. */
import type { Query4 } from "../../wire/probe4.ts";
import { client, relayed } from "./client.ts";
import { LAN } from "./lan.ts";
import { binds } from "./play.ts";
import type { Scene4 } from "./stage.ts";

const VIA = (query: Query4) => relayed(query, { giaddr: "10.0.0.254" });
const PRL = [1, 3, 66];

const earlyMembers: Scene4 = {
  title: "classes: members of what an early global reservation gives",
  config: {
    "early-global-reservations-lookup": true,
    "reservations-global": true,
    reservations: [{ "hw-address": client(1).mac, "client-classes": ["vip"] }, { "hw-address": client(2).mac }],
    "client-classes": [
      { name: "vip" },
      { name: "guest", test: "not member('vip')" },
      { name: "welcome", test: "member('vip')", "option-data": [{ name: "tftp-server-name", data: "welcome" }] },
      { name: "indirect", test: "member('welcome')" },
    ],
    subnet4: [
      { ...LAN, pools: [{ pool: "10.0.0.10 - 10.0.0.19" }], "client-class": "indirect" },
      { id: 2, subnet: "10.0.0.0/16", pools: [{ pool: "10.0.9.10 - 10.0.9.19" }], "client-class": "guest" },
    ],
  },
  exchanges: [
    binds("a vip", client(1), { via: VIA, prl: PRL }),
    binds("a known guest", client(2), { via: VIA, prl: PRL }),
    binds("a stranger", client(3), { via: VIA, prl: PRL }),
  ],
};

const subnetMembers: Scene4 = {
  title: "classes: members of what a subnet's reservation gives",
  config: {
    "client-classes": [{ name: "vip" }, { name: "guest", test: "not member('vip')" }],
    subnet4: [
      {
        ...LAN,
        pools: [
          { pool: "10.0.0.10 - 10.0.0.19", "client-class": "guest" },
          { pool: "10.0.0.20 - 10.0.0.29", "client-class": "vip" },
        ],
        reservations: [{ "hw-address": client(1).mac, "client-classes": ["vip"] }],
      },
    ],
  },
  exchanges: [binds("a vip", client(1)), binds("a guest", client(2))],
};

export const reservedMembers: readonly Scene4[] = [earlyMembers, subnetMembers];
