/** Kea's `ping_check`: an address at which somebody answers is not offered. The one that answers is the server's own. */
import { type Client, client, discover, relayed } from "../client.ts";
import { LAN } from "../lan.ts";
import { bind, binds } from "../play.ts";
import type { Exchange4, Scene4 } from "../stage.ts";

const library = (parameters: object) => [{ library: "libdhcp_ping_check.so", parameters }];
const FROM_ITS_OWN = [{ pool: "10.0.0.1 - 10.0.0.99" }];

function asksInVain(title: string, who: Client): Exchange4 {
  return { title, play: (script) => script.tell("DISCOVER", discover(who)) };
}

const inSubnet = (title: string, context: object, parameters: object = {}): Scene4 => ({
  title: `ping_check, ${title}`,
  config: {
    subnet4: [{ ...LAN, pools: FROM_ITS_OWN, "user-context": context }],
    "hooks-libraries": library(parameters),
  },
  exchanges: [{ title: "a client", play: (script) => script.tell("DISCOVER", discover(client(1))) }],
});

export const pingCheckScenes4: readonly Scene4[] = [
  {
    title: "ping_check",
    config: {
      "valid-lifetime": 7200,
      "decline-probation-period": 600,
      "cache-threshold": 0.000001,
      subnet4: [
        {
          ...LAN,
          pools: FROM_ITS_OWN,
          reservations: [{ "hw-address": client(9).mac, "ip-address": "10.0.0.90" }],
        },
      ],
      "hooks-libraries": library({ "enable-ping-check": true, "min-ping-requests": 1, "reply-timeout": 60 }),
    },
    exchanges: [
      asksInVain("the address is in use", client(1)),
      binds("and the next one is not", client(1)),
      {
        title: "a client that has a lease",
        play: async (script) => void (await bind(script, client(1))),
      },
      binds("a client with a reservation", client(9)),
    ],
  },
  inSubnet("off in a subnet", { "ping-check": { "enable-ping-check": false } }),
  inSubnet("on in a subnet", { "ping-check": { "enable-ping-check": true } }, { "enable-ping-check": false }),
  {
    title: "ping_check, with offers that are leases",
    config: {
      "offer-lifetime": 60,
      subnet4: [{ ...LAN, pools: FROM_ITS_OWN }],
      "hooks-libraries": library({}),
    },
    exchanges: [asksInVain("the address is in use", client(1)), binds("and the next one is not", client(1))],
  },
  {
    title: "ping_check, behind a relay",
    config: {
      subnet4: [LAN, { id: 2, subnet: "10.9.0.0/24", pools: [{ pool: "10.9.0.10 - 10.9.0.19" }] }],
      "hooks-libraries": library({}),
    },
    exchanges: [binds("where no route leads", client(1), { via: (query) => relayed(query, { giaddr: "10.9.0.254" }) })],
  },
];
