/** What goes with an address of a shared network: the times, fields, options and classes of the subnet that it is of. */
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

const RESERVING = { prl: PRL };
const hosts = (numbers: readonly number[], more: object = {}) =>
  numbers.map((number) => ({ "hw-address": client(number).mac, ...more }));

/** @param more what the configuration says beside reservations @param first what the first subnet says beside that */
function reserved(title: string, more: object, first: object = {}, second: object = {}): Scene4 {
  const given = (name: string, code: string) => ({
    name: `of-${name}`,
    test: `member('${name}')`,
    "option-data": [option(code, name)],
  });
  return {
    title: `networks: ${title}`,
    config: {
      "reservations-global": true,
      "reservations-in-subnet": true,
      ...more,
      "client-classes": [
        { name: "global" },
        { name: "own" },
        given("global", "tftp-server-name"),
        given("own", "boot-file-name"),
        {
          name: "none",
          test: "not member('global') and not member('own')",
          "option-data": [option("domain-name", "none")],
        },
      ],
      reservations: [...hosts([1, 2, 3, 4, 7], { "client-classes": ["global"] }), ...hosts([8])],
      "shared-networks": [
        {
          name: "floor",
          interface: "eth0",
          subnet4: [
            {
              id: 1,
              subnet: "10.0.0.0/24",
              pools: [{ pool: "10.0.0.10 - 10.0.0.99" }],
              reservations: hosts([1, 5, 7, 8], { "client-classes": ["own"] }),
              ...first,
            },
            {
              id: 2,
              subnet: "10.3.0.0/24",
              pools: [{ pool: "10.3.0.10 - 10.3.0.99" }],
              reservations: [
                ...hosts([2, 7], { "client-classes": ["own"] }),
                ...hosts([3], { "client-classes": ["own"], "ip-address": "10.3.0.103" }),
                ...hosts([6], { "client-classes": ["own"], "ip-address": "10.3.0.106" }),
              ],
              ...second,
            },
          ],
        },
      ],
    },
    exchanges: [
      binds("global, and in the first", client(1), RESERVING),
      binds("global, and in the second", client(2), { ...RESERVING, wanted: "10.0.0.12" }),
      binds("global, and in the second with an address", client(3), RESERVING),
      binds("global only", client(4), { ...RESERVING, wanted: "10.0.0.14" }),
      binds("in the first only", client(5), { ...RESERVING, wanted: "10.0.0.15" }),
      binds("in the second only, with an address", client(6), RESERVING),
      binds("global, and in both", client(7), { ...RESERVING, wanted: "10.0.0.17" }),
      binds("global without classes, and in the first", client(8), { ...RESERVING, wanted: "10.0.0.18" }),
      binds("in none", client(9), { ...RESERVING, wanted: "10.0.0.19" }),
    ],
  };
}

export const networkScenes: readonly Scene4[] = [
  brings,
  reserved("reservations, global and of the subnets", {}),
  reserved("reservations, global for the second subnet only", {}, { "reservations-global": false }),
  reserved("reservations, global for the first subnet only", {}, {}, { "reservations-global": false }),
  reserved("reservations, global ones early", { "early-global-reservations-lookup": true }),
  reserved("reservations, global ones early only", {
    "early-global-reservations-lookup": true,
    "reservations-global": false,
  }),
];
