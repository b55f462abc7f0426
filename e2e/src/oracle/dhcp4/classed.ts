/** What classes change: who may have which address, and which options, fields and times go with it. */
import { hex, ip, text } from "@kotare/testkit/payloads";
import type { Query4 } from "../../wire/probe4.ts";
import { asks, tells } from "../scene.ts";
import { client, discover, extend, relayed, unicast } from "./client.ts";
import { LAN } from "./lan.ts";
import { bind, binds } from "./play.ts";
import type { Exchange4, Scene4 } from "./stage.ts";

const PHONE = { name: "phone", test: "option[60].hex == 'phone'" };
const PRINTER = { name: "printer", test: "option[60].hex == 'printer'" };
const PRL = [1, 3, 6, 15, 42, 43, 51, 54, 66, 67, 224];

/** A client of a kind, who wants all that classes may give. */
function a(kind: string, number: number, title = `a ${kind}`): Exchange4 {
  return binds(title, client(number), { options: [[60, text(kind)]], prl: PRL });
}

const option = (name: string, data: string) => ({ name, data });
const pool = (first: number, last: number, more: object = {}) => ({
  pool: `10.0.0.${first} - 10.0.0.${last}`,
  ...more,
});

const guards: Scene4 = {
  title: "classes: pools for some",
  config: {
    "client-classes": [PHONE, PRINTER, { name: "port", "template-test": "relay4[1].hex" }],
    subnet4: [
      {
        ...LAN,
        pools: [
          pool(10, 19, { "client-class": "phone" }),
          pool(20, 29, { "client-class": "KNOWN" }),
          pool(30, 39, { "client-class": "SPAWN_port_7" }),
          pool(40, 49, { "client-class": "vip" }),
          pool(50, 59, { "client-class": "printer" }),
        ],
        reservations: [
          { "hw-address": client(3).mac },
          { "hw-address": client(4).mac, "client-classes": ["vip"] },
          { "hw-address": client(9).mac, "ip-address": "10.0.0.15" },
        ],
      },
    ],
  },
  exchanges: [
    a("phone", 1),
    a("printer", 2),
    binds("with a reservation", client(3)),
    asks("of port 7", ...relayed(discover(client(5)), { giaddr: "10.0.0.254", agent: [[1, text("7")]] })),
    tells("nobody's", discover(client(6))),
    tells("wants the address of a class that it is not in", discover(client(7), { options: [[50, ip("10.0.0.12")]] })),
    binds("its reserved address is in another class's pool", client(9)),
    {
      title: "a phone that calls itself a printer from now on",
      async play(script) {
        await bind(script, client(10), { options: [[60, text("phone")]] });
        await bind(script, client(10), { options: [[60, text("printer")]] });
      },
    },
  ],
};

const networks: Scene4 = {
  title: "classes: subnets of a shared network",
  config: {
    "client-classes": [PHONE, PRINTER],
    "shared-networks": [
      {
        name: "floor",
        interface: "eth0",
        subnet4: [
          { ...LAN, "client-class": "phone" },
          { id: 2, subnet: "10.1.0.0/24", pools: [{ pool: "10.1.0.10 - 10.1.0.19" }], "client-class": "printer" },
          { id: 3, subnet: "10.2.0.0/24", pools: [{ pool: "10.2.0.10 - 10.2.0.19" }] },
        ],
      },
    ],
  },
  exchanges: [a("printer", 1), a("phone", 2), a("toaster", 3)],
};

/** The second subnet of a shared network, for others than the first. */
const SECOND = { id: 2, subnet: "10.1.0.0/24" };
const seconds = (more: object = {}) => ({ pool: "10.1.0.10 - 10.1.0.19", ...more });

const reservedClasses: Scene4 = {
  title: "classes: global reservations choose the subnet of a network",
  config: {
    "client-classes": [{ name: "reserved" }, { name: "unreserved", test: "not member('reserved')" }],
    reservations: [
      { "hw-address": client(1).mac, "client-classes": ["reserved"] },
      { "hw-address": client(3).mac, "client-classes": ["undefined"] },
    ],
    "reservations-global": true,
    "reservations-in-subnet": false,
    "shared-networks": [
      {
        name: "floor",
        interface: "eth0",
        subnet4: [
          {
            ...LAN,
            pools: [pool(10, 19, { "client-class": "reserved" }), pool(20, 29, { "client-class": "undefined" })],
          },
          { ...SECOND, pools: [seconds({ "client-class": "unreserved" })] },
        ],
      },
    ],
  },
  exchanges: [
    // Before a client of the other subnet: Kea prefers the subnet that gave an address last.
    binds("in a class that is not defined", client(3)),
    binds("in the class", client(1)),
    binds("not in the class", client(2)),
  ],
};

const VIA = (query: Query4) => relayed(query, { giaddr: "10.0.0.254" });

const early: Scene4 = {
  title: "classes: global reservations looked up early",
  config: {
    "early-global-reservations-lookup": true,
    "reservations-global": true,
    reservations: [{ "hw-address": client(1).mac, "client-classes": ["vip"] }, { "hw-address": client(2).mac }],
    "client-classes": [{ name: "vip" }, { name: "familiar", test: "member('KNOWN') and not member('vip')" }],
    subnet4: [
      { ...LAN, pools: [pool(10, 19)], "client-class": "vip" },
      { id: 2, subnet: "10.0.0.0/16", pools: [{ pool: "10.0.9.10 - 10.0.9.19" }], "client-class": "familiar" },
    ],
  },
  // Kea wants a subnet for direct clients before it looks for reservations.
  exchanges: [
    binds("a vip", client(1), { via: VIA }),
    binds("familiar", client(2), { via: VIA }),
    tells("a stranger", ...VIA(discover(client(3)))),
  ],
};

const knownInNetwork: Scene4 = {
  title: "classes: KNOWN in a shared network",
  config: {
    "client-classes": [
      { name: "vip", "option-data": [option("tftp-server-name", "vip")] },
      { name: "guest", test: "member('UNKNOWN')", "option-data": [option("tftp-server-name", "guest")] },
      {
        name: "staff",
        test: "member('KNOWN')",
        "option-data": [option("tftp-server-name", "staff")],
        "valid-lifetime": 77,
      },
    ],
    "shared-networks": [
      {
        name: "floor",
        interface: "eth0",
        subnet4: [
          { ...LAN, pools: [pool(10, 19, { "client-class": "guest" })] },
          {
            ...SECOND,
            pools: [seconds({ "client-class": "staff" })],
            reservations: [
              { "hw-address": client(2).mac },
              { "hw-address": client(3).mac, "client-classes": ["vip"] },
              { "hw-address": client(4).mac, "ip-address": "10.1.0.99", "client-classes": ["vip"] },
            ],
          },
        ],
      },
    ],
  },
  exchanges: [a("guest", 1), a("member of the staff", 2), a("vip", 3), a("vip", 4, "a vip with a reserved address")],
};

const stashed: Scene4 = {
  title: "classes: a client that renews past its relay",
  config: {
    "stash-agent-options": true,
    "store-extended-info": true,
    "client-classes": [
      { name: "port", test: "relay4[1].hex == 'port'", "option-data": [option("tftp-server-name", "port")] },
    ],
    subnet4: [{ ...LAN, pools: [pool(10, 19, { "client-class": "port" })] }],
  },
  exchanges: [
    {
      title: "of the port",
      async play(script) {
        const via = (query: Query4) => relayed(query, { giaddr: "10.0.0.254", agent: [[1, text("port")]] });
        const ack = await bind(script, client(1), { via, prl: PRL });
        await script.ask("renews", extend(client(1), ack.yiaddr, { prl: PRL }), unicast(ack.yiaddr));
      },
    },
  ],
};

const gifts: Scene4 = {
  title: "classes: what they give",
  config: {
    "valid-lifetime": 4000,
    "option-def": [{ name: "mode", code: 1, type: "uint8", space: "phones" }],
    "option-data": [option("domain-name", "global"), option("ntp-servers", "10.9.9.9")],
    "client-classes": [
      {
        ...PHONE,
        "valid-lifetime": 600,
        "min-valid-lifetime": 300,
        "max-valid-lifetime": 900,
        "next-server": "10.9.9.1",
        "server-hostname": "hal",
        "boot-file-name": "phone.bin",
        "option-def": [
          { name: "vendor-encapsulated-options", code: 43, type: "empty", encapsulate: "phones" },
          { name: "color", code: 224, type: "uint16" },
        ],
        "option-data": [
          option("domain-name", "phones"),
          option("tftp-server-name", "tftp"),
          { name: "vendor-encapsulated-options" },
          { name: "mode", space: "phones", data: "7" },
          option("color", "5"),
        ],
      },
      {
        name: "second",
        test: "member('phone')",
        "boot-file-name": "second.bin",
        "next-server": "10.9.9.2",
        "option-data": [option("domain-name", "second"), option("boot-file-name", "option.bin")],
      },
      { name: "vip", "option-data": [option("ntp-servers", "10.9.9.3")] },
      { name: "KNOWN", "option-data": [option("tftp-server-name", "known")] },
    ],
    subnet4: [
      {
        ...LAN,
        "next-server": "10.9.9.8",
        "boot-file-name": "subnet.bin",
        "option-data": [option("routers", "10.0.0.254")],
        reservations: [
          { "hw-address": client(3).mac, "client-classes": ["vip"], "boot-file-name": "host.bin" },
          { "hw-address": client(4).mac, "option-data": [option("domain-name", "host")] },
        ],
      },
    ],
  },
  exchanges: [
    a("phone", 1),
    a("toaster", 2),
    a("phone", 3, "a phone with a reservation that gives a class"),
    a("phone", 4, "a phone with a reservation that gives an option"),
    binds("a phone that wants a long lease", client(5), {
      options: [
        [60, text("phone")],
        [51, hex("00001000")],
      ],
    }),
    binds("a phone that wants a short lease", client(6), {
      options: [
        [60, text("phone")],
        [51, hex("00000010")],
      ],
    }),
  ],
};

/** Once it is known whether there is a reservation. */
const decoded = (test: string) => `(member('KNOWN') or member('UNKNOWN')) and ${test}`;

/** A client of a kind, with options that each kind may understand in its own way. */
const odd = (kind: string, number: number) =>
  binds(`a ${kind}`, client(number), {
    options: [
      [60, text(kind)],
      [43, hex("010107 02026162")],
      [224, hex("616200")],
    ],
    prl: PRL,
  });

const defined: Scene4 = {
  title: "classes: options that they define are decoded by class",
  config: {
    "option-def": [
      { name: "mode", code: 1, type: "uint8", space: "phones" },
      { name: "tray", code: 2, type: "string", space: "printers" },
    ],
    "client-classes": [
      {
        ...PHONE,
        "option-def": [
          { name: "vendor-encapsulated-options", code: 43, type: "empty", encapsulate: "phones" },
          { name: "secret", code: 224, type: "binary" },
        ],
      },
      {
        ...PRINTER,
        "option-def": [
          { name: "vendor-encapsulated-options", code: 43, type: "empty", encapsulate: "printers" },
          { name: "name", code: 224, type: "string" },
        ],
      },
      {
        name: "badge",
        test: "option[60].hex == 'badge'",
        "option-def": [{ name: "vendor-encapsulated-options", code: 43, type: "binary" }],
      },
      { name: "early", test: "option[43].option[1].exists", "option-data": [option("domain-name", "early")] },
      { name: "bytes", test: "option[43].hex == 0x01010702026162", "valid-lifetime": 1234 },
      { name: "seven", test: decoded("option[43].option[1].hex == 0x07"), "boot-file-name": "seven" },
      { name: "tray", test: decoded("option[43].option[2].hex == 'ab'"), "server-hostname": "tray" },
      {
        name: "ab",
        test: decoded("option[224].hex == 'ab'"),
        "option-data": [option("tftp-server-name", "ab")],
      },
    ],
    subnet4: [LAN],
  },
  exchanges: [odd("phone", 1), odd("printer", 2), odd("badge", 3), odd("toaster", 4)],
};

const late: Scene4 = {
  title: "classes: on request",
  config: {
    "client-classes": [
      {
        name: "a",
        test: "member('ALL')",
        "only-if-required": true,
        "boot-file-name": "a",
        "option-data": [option("domain-name", "a")],
      },
      {
        name: "b",
        test: "option[60].exists",
        "only-if-required": true,
        "option-data": [option("tftp-server-name", "b")],
      },
      { name: "vip", "option-data": [option("ntp-servers", "10.9.9.3")] },
    ],
    "shared-networks": [
      {
        name: "floor",
        interface: "eth0",
        "require-client-classes": ["b"],
        subnet4: [
          {
            ...LAN,
            "option-data": [],
            "require-client-classes": ["a"],
            reservations: [{ "hw-address": client(3).mac, "client-classes": ["vip"] }],
          },
        ],
      },
    ],
  },
  exchanges: [
    a("phone", 1),
    binds("without option 60", client(2), { prl: PRL }),
    a("phone", 3, "with a reservation that gives a class"),
  ],
};

const dropped: Scene4 = {
  title: "classes: DROP",
  config: {
    "client-classes": [
      { name: "DROP", test: "option[60].hex == 'phone' or member('UNKNOWN') and option[60].hex == 'printer'" },
    ],
    subnet4: [{ ...LAN, reservations: [{ "hw-address": client(3).mac }] }],
  },
  exchanges: [
    a("toaster", 1),
    tells("a phone", discover(client(2), { options: [[60, text("phone")]] })),
    a("printer", 3, "a known printer"),
    tells("an unknown printer", discover(client(4), { options: [[60, text("printer")]] })),
  ],
};

export const classScenes4: readonly Scene4[] = [
  guards,
  networks,
  reservedClasses,
  early,
  knownInNetwork,
  stashed,
  gifts,
  defined,
  late,
  dropped,
];
