/** Options: what is sent to whom, from which scope, in which encoding. */
import { hex, ip, text } from "@kotare/testkit/payloads";
import { asks, tells } from "../scene.ts";
import { client, discover, inform, initReboot } from "./client.ts";
import { LAN } from "./lan.ts";
import { binds } from "./play.ts";
import type { Exchange4, Scene4 } from "./stage.ts";

const lists: Exchange4[] = [
  asks("no list", discover(client(1), { options: [[50, ip("10.0.0.101")]], prl: null })),
  tells("an empty list", discover(client(2), { options: [[50, ip("10.0.0.102")]], prl: [] })),
  asks("a list of one", discover(client(3), { options: [[50, ip("10.0.0.103")]], prl: [42] })),
  asks(
    "a list with repetitions and unknown codes",
    discover(client(4), { options: [[50, ip("10.0.0.104")]], prl: [3, 3, 42, 222, 0, 255, 6] }),
  ),
  asks(
    "everything",
    discover(client(5), {
      options: [[50, ip("10.0.0.105")]],
      prl: Array.from({ length: 254 }, (_, i) => i + 1),
    }),
  ),
  binds("a list of lifetimes only", client(6), { wanted: "10.0.0.106", prl: [51, 58, 59] }),
  asks("INFORM gets options but no lifetimes", inform(client(7), "10.0.0.230", { prl: [1, 3, 6, 51, 58, 59, 42] }), {
    source: "10.0.0.230",
  }),
];

const scopes: Exchange4[] = [
  asks("all scopes", discover(client(1), { prl: [3, 4, 6, 7, 8, 9, 15, 42], options: [[50, ip("10.0.0.20")]] })),
  asks("another pool", discover(client(2), { prl: [3, 4, 6, 7, 8, 9, 15, 42], options: [[50, ip("10.0.0.120")]] })),
  asks("a host's", discover(client(3), { prl: [3, 4, 6, 7, 8, 9, 15, 42] })),
  asks(
    "always-send and never-send without a list",
    discover(client(4), { prl: null, options: [[50, ip("10.0.0.21")]] }),
  ),
];

const SCOPES = {
  "option-data": [
    { name: "routers", data: "10.0.0.1" },
    { name: "time-servers", data: "10.0.0.1" },
    { name: "log-servers", data: "10.0.0.1" },
    { name: "cookie-servers", data: "10.0.0.1", "never-send": true },
    { name: "lpr-servers", data: "10.0.0.1", "always-send": true },
    { name: "domain-name", data: "global.example" },
  ],
  "shared-networks": [
    {
      name: "floor",
      "option-data": [
        { name: "time-servers", data: "10.0.0.2" },
        { name: "log-servers", data: "10.0.0.2" },
        { name: "cookie-servers", data: "10.0.0.2" },
      ],
      subnet4: [
        {
          id: 1,
          subnet: "10.0.0.0/24",
          "option-data": [
            { name: "log-servers", data: "10.0.0.3" },
            { name: "domain-name", data: "subnet.example" },
            { name: "ntp-servers", data: "10.0.0.3", "always-send": true },
          ],
          pools: [
            { pool: "10.0.0.10-10.0.0.99", "option-data": [{ name: "domain-name", data: "pool.example" }] },
            {
              pool: "10.0.0.100-10.0.0.199",
              "option-data": [
                { name: "ntp-servers", data: "10.0.0.4", "never-send": true },
                { name: "domain-name-servers", data: "10.0.0.4", "never-send": true },
              ],
            },
          ],
          reservations: [
            {
              "hw-address": client(3).mac,
              "ip-address": "10.0.0.30",
              "option-data": [
                { name: "domain-name", data: "host.example" },
                { name: "routers", data: "10.0.0.5" },
              ],
            },
          ],
        },
      ],
    },
  ],
};

const names: Exchange4[] = [
  binds("host name", client(1), { wanted: "10.0.0.101", prl: [12, 15], options: [[12, text("laptop")]] }),
  binds("host name, not asked for", client(15), { wanted: "10.0.0.115", prl: [15], options: [[12, text("quiet")]] }),
  binds("host name with domain", client(2), {
    wanted: "10.0.0.102",
    prl: [12],
    options: [[12, text("laptop.example.net")]],
  }),
  binds("host name with odd characters", client(3), {
    wanted: "10.0.0.103",
    prl: [12],
    options: [[12, text("my laptop_1!")]],
  }),
  binds("host name with a trailing NUL", client(4), {
    wanted: "10.0.0.104",
    prl: [12],
    options: [[12, text("laptop\0")]],
  }),
  binds("host name of dots", client(5), { wanted: "10.0.0.105", prl: [12], options: [[12, text("a..b")]] }),
  binds("FQDN, server updates", client(6), {
    wanted: "10.0.0.106",
    options: [[81, hex("01 00 00 066c6170746f70 03636f6d 00".replace("01", "05"))]],
  }),
  binds("FQDN, client updates", client(7), {
    wanted: "10.0.0.107",
    options: [[81, hex("04 00 00 066c6170746f70 03636f6d 00")]],
  }),
  binds("FQDN, no updates", client(8), {
    wanted: "10.0.0.108",
    options: [[81, hex("0c 00 00 066c6170746f70 03636f6d 00")]],
  }),
  binds("FQDN, partial name", client(9), { wanted: "10.0.0.109", options: [[81, hex("05 00 00 066c6170746f70")]] }),
  binds("FQDN, ASCII encoding", client(10), {
    wanted: "10.0.0.110",
    options: [[81, Buffer.concat([hex("010000"), text("laptop.com")])]],
  }),
  binds("FQDN, empty name", client(11), { wanted: "10.0.0.111", options: [[81, hex("05 00 00")]] }),
  binds("FQDN and host name", client(12), {
    wanted: "10.0.0.112",
    prl: [12, 81],
    options: [
      [12, text("other")],
      [81, hex("05 00 00 066c6170746f70 03636f6d 00")],
    ],
  }),
  tells("FQDN with N and S both set", discover(client(13), { options: [[81, hex("0d 00 00 0161 00")]] })),
  binds("INIT-REBOOT keeps the name", client(14), { wanted: "10.0.0.114", options: [[12, text("fourteen")]] }),
  asks("the name is back on INIT-REBOOT", initReboot(client(14), "10.0.0.114", { prl: [12] })),
];

export const optionScenes: Scene4[] = [
  {
    title: "parameter request list",
    config: { "valid-lifetime": 4000, "renew-timer": 900, "rebind-timer": 1800, subnet4: [LAN] },
    exchanges: lists,
  },
  { title: "option scopes", config: SCOPES, exchanges: scopes },
  { title: "host names", config: { subnet4: [LAN] }, exchanges: names },
  {
    title: "host names, qualified and generated",
    config: {
      "ddns-qualifying-suffix": "home.example",
      "ddns-replace-client-name": "when-not-present",
      "ddns-generated-prefix": "dyn",
      "hostname-char-set": "[^A-Za-z0-9.-]",
      "hostname-char-replacement": "x",
      subnet4: [LAN],
    },
    exchanges: names.slice(0, 12),
  },
];
