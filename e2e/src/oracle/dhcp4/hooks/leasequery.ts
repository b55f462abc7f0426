/** Kea's `lease_query`: relays that ask what somebody has (RFC 4388). */
import { hex } from "@kotare/testkit/payloads";
import type { Option } from "../../../wire/message4.ts";
import type { Query4 } from "../../../wire/probe4.ts";
import { asks, tells } from "../../scene.ts";
import { type Client, client, macClientId, relayed, release } from "../client.ts";
import { LAN } from "../lan.ts";
import { binds } from "../play.ts";
import type { Scene4 } from "../stage.ts";

const LEASEQUERY = 10;
const RELAY = "10.0.0.254";
const [known, plain, gone] = [client(1, macClientId(client(1).mac)), client(2), client(3)];
const REMOTE: Option = [2, hex("010203")];

const relays = (query: Query4) => relayed(query, { giaddr: RELAY, agent: [REMOTE] });

/** @param giaddr of who asks */
function asking(fields: Partial<Query4>, options: readonly Option[] = [], giaddr = "10.9.0.1") {
  const query = {
    mac: "",
    htype: fields.mac === undefined ? 0 : 1,
    options: [[53, Uint8Array.of(LEASEQUERY)] as const, ...options],
    ...fields,
  };
  const [message, route] = relayed(query, { giaddr, source: RELAY });
  // Its own: with hops it would be of somebody behind it.
  return [{ ...message, hops: 0 }, route] as const;
}

const clientIdOf = ({ clientId }: Client): Option => [61, clientId!];

export const leasequeryScenes4: readonly Scene4[] = [
  {
    title: "leasequery",
    config: {
      "store-extended-info": true,
      "renew-timer": 1800,
      "rebind-timer": 3600,
      subnet4: [
        {
          ...LAN,
          reservations: [
            { "hw-address": client(8).mac, "ip-address": "10.0.0.108" },
            { "hw-address": client(9).mac, "ip-address": "10.0.0.209" },
          ],
        },
      ],
      "hooks-libraries": [{ library: "libdhcp_lease_query.so", parameters: { requesters: ["10.9.0.1", "10.9.0.2"] } }],
    },
    exchanges: [
      binds("a client with an identifier", known, { via: relays }),
      binds("one without", plain),
      {
        title: "one that goes",
        async play(script) {
          const bound = await script.ask("DISCOVER", { mac: gone.mac, options: [[53, Uint8Array.of(1)]] });
          await script.tell("RELEASE", release(gone, bound.yiaddr), {});
        },
      },
      asks("about an address", ...asking({ ciaddr: "10.0.0.10" })),
      asks("about a hardware address", ...asking({ mac: plain.mac })),
      asks("about a client identifier", ...asking({}, [clientIdOf(known)])),
      asks("about an address of nobody", ...asking({ ciaddr: "10.0.0.99" })),
      asks("about an address that is reserved in a pool", ...asking({ ciaddr: "10.0.0.108" })),
      asks("about an address that is reserved outside of pools", ...asking({ ciaddr: "10.0.0.209" })),
      asks("about a client with a reservation and no lease", ...asking({ mac: client(9).mac })),
      asks("about an address of the network that is in no pool", ...asking({ ciaddr: "10.0.0.254" })),
      asks("about an address of another network", ...asking({ ciaddr: "192.0.2.1" })),
      asks("about somebody unknown", ...asking({ mac: client(99).mac })),
      asks("from the other requester", ...asking({ mac: plain.mac }, [], "10.9.0.2")),
      tells("from somebody else", ...asking({ mac: plain.mac }, [], "10.9.0.3")),
      tells("about two things", ...asking({ mac: plain.mac, ciaddr: "10.0.0.10" })),
      tells("about nothing", ...asking({})),
    ],
  },
];
