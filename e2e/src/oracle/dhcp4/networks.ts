/** What goes with an address of a shared network: the times, fields, options and classes of the subnet that it is of. */

import { reservedScenes } from "../reserved-in-network.ts";
import { asks } from "../scene.ts";
import { client, discover, extend, inform, initReboot, relayed, unicast } from "./client.ts";
import { bind, binds } from "./play.ts";
import type { Exchange4, Scene4 } from "./stage.ts";

const option = (name: string, data: string) => ({ name, data });
const PRL = [1, 3, 6, 12, 15, 42, 51, 58, 59, 66, 67, 119];

const FIRST = {
  id: 1,
  subnet: "10.0.0.0/24",
  pools: [{ pool: "10.0.0.10/32" }],
  "valid-lifetime": 1000,
  "renew-timer": 100,
  "rebind-timer": 200,
  "next-server": "10.0.0.2",
  "server-hostname": "first",
  "boot-file-name": "first.img",
  "require-client-classes": ["a"],
  "option-data": [option("routers", "10.0.0.254"), option("domain-name", "first.example")],
};
const SECOND = {
  id: 2,
  subnet: "10.3.0.0/24",
  pools: [{ pool: "10.3.0.10 - 10.3.0.29", "option-data": [option("ntp-servers", "10.3.0.123")] }],
  "valid-lifetime": 500,
  "min-valid-lifetime": 400,
  "max-valid-lifetime": 600,
  "renew-timer": 50,
  "rebind-timer": 60,
  "next-server": "10.3.0.2",
  "server-hostname": "second",
  "boot-file-name": "second.img",
  "require-client-classes": ["b"],
  "option-data": [option("routers", "10.3.0.254"), option("domain-name", "second.example")],
  reservations: [
    { "hw-address": client(11).mac, "ip-address": "10.3.0.99", "option-data": [option("domain-name", "host.example")] },
    { "hw-address": client(12).mac, "ip-address": "10.3.0.20", hostname: "twelve" },
    { "hw-address": client(13).mac, "option-data": [option("domain-name", "nowhere.example")] },
  ],
};

/** All that a client says with an address. */
function lives(title: string, number: number, address: string, wanted?: string): Exchange4 {
  const who = client(number);
  const extra = { prl: PRL };
  return {
    title,
    async play(script) {
      await bind(script, who, { ...extra, ...(wanted === undefined ? {} : { wanted }) });
      await script.ask("RENEWING", extend(who, address, extra), unicast(address));
      await script.ask("REBINDING", extend(who, address, extra), { source: address });
      await script.ask("INIT-REBOOT", initReboot(who, address, extra));
      await script.ask("DISCOVER again", discover(who, extra));
      await script.ask("INFORM", inform(who, address, extra), unicast(address));
    },
  };
}

const brings: Scene4 = {
  title: "networks: what an address of the second subnet brings",
  config: {
    "client-classes": [
      { name: "a", test: "member('ALL')", "only-if-required": true, "option-data": [option("tftp-server-name", "a")] },
      { name: "b", test: "member('ALL')", "only-if-required": true, "option-data": [option("tftp-server-name", "b")] },
    ],
    "shared-networks": [{ name: "floor", interface: "eth0", subnet4: [FIRST, SECOND] }],
  },
  exchanges: [
    lives("reserved outside of the pool", 11, "10.3.0.99"),
    lives("reserved in the pool", 12, "10.3.0.20"),
    lives("wanted", 3, "10.3.0.25", "10.3.0.25"),
    lives("from the first", 1, "10.0.0.10", "10.0.0.10"),
    lives("the first is full", 2, "10.3.0.10"),
    lives("a reservation without an address", 13, "10.3.0.11"),
    asks("through a relay of the second", ...relayed(discover(client(1), { prl: PRL }), { giaddr: "10.3.0.254" })),
  ],
};

export const networkScenes: readonly Scene4[] = [
  brings,
  ...reservedScenes({
    subnets: "subnet4",
    first: { subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.10 - 10.0.0.99" }] },
    second: { subnet: "10.3.0.0/24", pools: [{ pool: "10.3.0.10 - 10.3.0.99" }] },
    identify: (number) => ({ "hw-address": client(number).mac }),
    place: (number) => ({ "ip-address": `10.3.0.10${number}` }),
    options: {
      global: option("tftp-server-name", "global"),
      own: option("boot-file-name", "own"),
      none: option("domain-name", "none"),
    },
    bind: (title, number, wants) =>
      binds(title, client(number), { prl: PRL, ...(wants && { wanted: `10.0.0.1${number}` }) }),
  }),
];
