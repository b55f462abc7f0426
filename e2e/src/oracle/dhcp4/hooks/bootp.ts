/** Kea's `bootp`: clients that know no DHCP (RFC 951, RFC 1497), which say neither what they are nor for how long. */
import { text } from "@kotare/testkit/payloads";
import type { Option } from "../../../wire/message4.ts";
import type { Query4 } from "../../../wire/probe4.ts";
import { asks, tells } from "../../scene.ts";
import { type Client, client, relayed } from "../client.ts";
import { LAN } from "../lan.ts";
import { binds } from "../play.ts";
import type { Scene4 } from "../stage.ts";

const LIBRARY = [{ library: "libdhcp_bootp.so" }];

const request = (who: Client, fields: Partial<Query4> = {}): Query4 => ({ mac: who.mac, options: [], ...fields });
const wishes: Option = [55, Uint8Array.of(1, 3, 6, 15)];

export const bootpScenes4: readonly Scene4[] = [
  {
    title: "bootp",
    config: {
      "ddns-qualifying-suffix": "example.org",
      "calculate-tee-times": true,
      "next-server": "10.0.0.2",
      "client-classes": [{ name: "DHCP", test: "not member('BOOTP')" }],
      subnet4: [
        {
          ...LAN,
          "valid-lifetime": 7200,
          "boot-file-name": "boot.img",
          "option-data": [...LAN["option-data"], { name: "boot-file-name", data: "always", "always-send": true }],
          pools: [
            { pool: "10.0.0.100 - 10.0.0.109", "client-class": "BOOTP" },
            { pool: "10.0.0.10 - 10.0.0.19", "client-class": "DHCP" },
          ],
          reservations: [{ "hw-address": client(9).mac, "ip-address": "10.0.0.90", hostname: "nine" }],
        },
        { id: 2, subnet: "10.9.0.0/24", pools: [{ pool: "10.9.0.10 - 10.9.0.19" }] },
      ],
      "hooks-libraries": LIBRARY,
    },
    exchanges: [
      asks("a client", request(client(1))),
      asks("asks again", request(client(1))),
      asks("one that wants to know", request(client(2), { options: [wishes] })),
      asks("one with a name", request(client(3), { options: [[12, text("three")]] })),
      asks("one with an address", request(client(4), { ciaddr: "10.0.0.104" })),
      asks("one with the address of another", request(client(5), { ciaddr: "10.0.0.100" })),
      tells("one with an address from elsewhere", request(client(6), { ciaddr: "192.0.2.7" })),
      asks("one with a client identifier", { ...request(client(7)), options: [[61, Uint8Array.of(1, 2, 3)]] }),
      asks("one that names a boot file", request(client(8), { file: text("mine") })),
      asks("one with a reservation", request(client(9))),
      asks("behind a relay", ...relayed(request(client(10)), { giaddr: "10.9.0.254" })),
      tells("one that asks for an address", request(client(11), { options: [[50, Uint8Array.of(10, 0, 0, 107)]] })),
      asks("one that asks for a time", request(client(12), { options: [[51, Uint8Array.of(0, 0, 1, 0)]] })),
      asks("a client in need of a broadcast", request(client(13), { flags: 0x8000 })),
      binds("a DHCP client", client(20)),
    ],
  },
];
