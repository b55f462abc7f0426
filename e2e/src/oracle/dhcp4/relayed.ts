/** Through relays: RFC 2131 §4.1, 3046 (option 82), 3527 (link selection), 3011 (118), 5107 (server id), 8357 (port). */
import { ip, text } from "@kotare/testkit/payloads";
import { MessageType4, type Option } from "../../wire/message4.ts";
import type { Query4, Route4 } from "../../wire/probe4.ts";
import { asks, tells } from "../scene.ts";
import {
  client,
  decline,
  discover,
  extend,
  inform,
  initReboot,
  query,
  type Relay4,
  relayed,
  release,
  selecting,
  unicast,
} from "./client.ts";
import { LAN } from "./lan.ts";
import { bind, binds } from "./play.ts";
import type { Exchange4, Scene4 } from "./stage.ts";

const FLOOR: Relay4 = { giaddr: "10.1.0.1" };
const AGENT: Relay4 = {
  giaddr: "10.1.0.1",
  agent: [
    [1, text("port 7")],
    [2, text("switch 3")],
  ],
};

function through(relay: Relay4): (message: Query4) => [Query4, Route4] {
  return (message) => relayed(message, relay);
}

/** A relay of the floor that says more in option 82. */
function saying(...more: Option[]): Relay4 {
  return { ...AGENT, agent: [...AGENT.agent!, ...more] };
}

const usual: Exchange4[] = [
  binds("bound through a relay", client(1), { via: through(FLOOR), wanted: "10.1.0.101" }),
  binds("option 82 comes back as it went", client(2), { via: through(AGENT), wanted: "10.1.0.102" }),
  binds("broadcast flag", client(3), { via: through(AGENT), wanted: "10.1.0.103", flags: 0x8000 }),
  {
    title: "RENEWING past the relay, then REBINDING through it",
    async play(script) {
      const ack = await bind(script, client(4), { via: through(AGENT), wanted: "10.1.0.104" });
      await script.ask("RENEWING", extend(client(4), ack.yiaddr), unicast(ack.yiaddr));
      await script.ask("REBINDING", ...relayed(extend(client(4), ack.yiaddr), AGENT));
    },
  },
  {
    title: "INIT-REBOOT: right, wrong and unknown",
    async play(script) {
      const ack = await bind(script, client(5), { via: through(AGENT), wanted: "10.1.0.105" });
      await script.ask("right", ...relayed(initReboot(client(5), ack.yiaddr), AGENT));
      await script.ask("another address", ...relayed(initReboot(client(5), "10.1.0.199"), AGENT));
      await script.ask("another network", ...relayed(initReboot(client(5), "192.0.2.1"), AGENT));
      await script.tell("unknown client", ...relayed(initReboot(client(6), "10.1.0.198"), AGENT));
    },
  },
  {
    title: "RELEASE and DECLINE through the relay",
    async play(script) {
      const first = await bind(script, client(7), { via: through(AGENT), wanted: "10.1.0.107" });
      await script.tell("RELEASE", ...relayed(release(client(7), first.yiaddr), AGENT));
      const second = await bind(script, client(8), { via: through(AGENT), wanted: "10.1.0.108" });
      await script.tell("DECLINE", ...relayed(decline(client(8), second.yiaddr), AGENT));
      await script.ask("DISCOVER", ...relayed(discover(client(8)), AGENT));
    },
  },
  asks("INFORM with ciaddr", ...relayed(inform(client(9), "10.1.0.230"), AGENT)),
  tells("INFORM without ciaddr", ...relayed(inform(client(10), "0.0.0.0"), AGENT)),
  tells("a relay of no network", ...relayed(discover(client(11)), { giaddr: "10.200.0.1" })),
  binds("a relay named by `relay`", client(12), { via: through({ giaddr: "172.16.0.9" }), wanted: "10.2.0.112" }),
  asks("hops are kept", ...relayed(discover(client(13), { hops: 3 }), AGENT)),
  asks(
    "the message comes from another address of the relay",
    ...relayed(discover(client(14)), { ...AGENT, source: "10.9.9.9" }),
  ),
  {
    title: "a NAK goes to the relay",
    async play(script) {
      const held = await bind(script, client(15), { via: through(AGENT), wanted: "10.1.0.115" });
      await script.ask("REQUEST", ...relayed(initReboot(client(15), "10.1.0.197", { flags: 0x8000 }), AGENT));
      await script.ask("of an address held", ...relayed(selecting(client(16), held), AGENT));
    },
  },
];

const extensions: Exchange4[] = [
  binds("82.5 names the client's link", client(30), {
    via: through(saying([5, ip("10.2.0.0")])),
    wanted: "10.2.0.130",
  }),
  tells(
    "82.5 names an unknown link",
    ...relayed(discover(client(31), { options: [[50, ip("10.1.0.131")]] }), saying([5, ip("10.77.0.0")])),
  ),
  tells(
    "82.5 is too short",
    ...relayed(discover(client(32), { options: [[50, ip("10.1.0.132")]] }), saying([5, Uint8Array.of(10, 2)])),
  ),
  binds("118 names the subnet, relayed", client(33), {
    via: through(AGENT),
    wanted: "10.2.0.133",
    options: [[118, ip("10.2.0.0")]],
  }),
  tells("118 names an unknown subnet", query(client(34), MessageType4.DISCOVER, [[118, ip("10.77.0.0")]])),
  asks("118 names the subnet, direct", query(client(35), MessageType4.DISCOVER, [[118, ip("10.2.0.0")]])),
  binds("82.5 wins over 118", client(36), {
    via: through(saying([5, ip("10.1.0.0")])),
    wanted: "10.1.0.136",
    options: [[118, ip("10.2.0.0")]],
  }),
  {
    title: "82.11 makes the relay the server that clients see",
    async play(script) {
      const relay = saying([11, ip("10.1.0.1")]);
      const ack = await bind(script, client(37), { via: through(relay), wanted: "10.1.0.137" });
      await script.ask("RENEWING through the relay", ...relayed(extend(client(37), ack.yiaddr), relay));
      await script.tell("RELEASE", ...relayed(release(client(37), ack.yiaddr), relay));
    },
  },
  binds("82.19: the answer goes to the port it came from", client(38), {
    via: through({ ...saying([19, Uint8Array.of(0, 0)]), port: 4067 }),
    wanted: "10.1.0.138",
  }),
  tells(
    "82.19 is too short",
    ...relayed(discover(client(44), { options: [[50, ip("10.1.0.144")]] }), {
      ...saying([19, new Uint8Array()]),
      port: 4067,
    }),
  ),
  binds("another port without 82.19", client(39), { via: through({ ...AGENT, port: 4067 }), wanted: "10.1.0.139" }),
  binds("sub-options nobody knows come back", client(40), {
    via: through(saying([200, text("?")], [6, text("subscriber")], [12, text("relay")])),
    wanted: "10.1.0.140",
  }),
  asks(
    "an empty option 82",
    query(
      client(41),
      MessageType4.DISCOVER,
      [
        [50, ip("10.1.0.141")],
        [82, new Uint8Array()],
      ],
      { giaddr: "10.1.0.1" },
    ),
    {
      source: "10.1.0.1",
      destination: "10.0.0.1",
    },
  ),
  tells(
    "sub-option longer than option 82",
    query(
      client(42),
      MessageType4.DISCOVER,
      [
        [50, ip("10.1.0.142")],
        [82, Uint8Array.of(1, 9, 65)],
      ],
      { giaddr: "10.1.0.1" },
    ),
    {
      source: "10.1.0.1",
      destination: "10.0.0.1",
    },
  ),
  asks(
    "option 82 without a relay",
    query(client(43), MessageType4.DISCOVER, [
      [50, ip("10.0.0.143")],
      [82, Uint8Array.of(1, 1, 65)],
    ]),
  ),
];

const FLOORS = [
  LAN,
  {
    id: 2,
    subnet: "10.1.0.0/24",
    pools: [{ pool: "10.1.0.10-10.1.0.199" }],
    "option-data": [{ name: "routers", data: "10.1.0.254" }],
  },
  {
    id: 3,
    subnet: "10.2.0.0/24",
    pools: [{ pool: "10.2.0.10-10.2.0.199" }],
    relay: { "ip-addresses": ["172.16.0.9"] },
  },
];

export const relayedScenes: Scene4[] = [
  { title: "relayed", config: { subnet4: FLOORS }, exchanges: usual },
  { title: "relayed, authoritative", config: { authoritative: true, subnet4: FLOORS }, exchanges: usual },
  { title: "relay extensions", config: { subnet4: FLOORS }, exchanges: extensions },
  {
    title: "stash-agent-options",
    config: { "stash-agent-options": true, "store-extended-info": true, subnet4: FLOORS },
    exchanges: usual.slice(0, 4),
  },
  {
    title: "ignore-rai-link-selection",
    config: { compatibility: { "ignore-rai-link-selection": true }, subnet4: FLOORS },
    exchanges: [
      binds("82.5 is not looked at", client(50), {
        via: through(saying([5, ip("10.2.0.0")])),
        wanted: "10.1.0.150",
      }),
    ],
  },
];
