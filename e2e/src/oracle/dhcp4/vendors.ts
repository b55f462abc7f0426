/** Options of several vendors: option 43 as classes define it, and options 124 and 125 of several enterprises. */
import { hex, ip, text } from "@kotare/testkit/payloads";
import { asks } from "../scene.ts";
import { client, discover } from "./client.ts";
import { LAN } from "./lan.ts";
import { binds } from "./play.ts";
import type { Scene4 } from "./stage.ts";

const PRL = [1, 3, 43, 60, 124, 125];
const as = (kind: string, number: number) =>
  binds(`a ${kind}`, client(number), { options: [[60, text(kind)]], prl: PRL });

const defined: Scene4 = {
  title: "vendors: option 43, defined by some classes",
  config: {
    "option-def": [{ name: "mode", code: 1, type: "uint8", space: "phones" }],
    "client-classes": [
      {
        name: "phone",
        test: "option[60].hex == 'phone'",
        "option-def": [{ name: "vendor-encapsulated-options", code: 43, type: "empty", encapsulate: "phones" }],
        "option-data": [{ name: "vendor-encapsulated-options" }, { name: "mode", space: "phones", data: "7" }],
      },
      {
        name: "PXEClient",
        test: "option[60].hex == 'PXEClient'",
        "option-data": [
          { name: "vendor-encapsulated-options" },
          { code: 6, space: "vendor-encapsulated-options-space", "csv-format": false, data: "08" },
        ],
      },
      {
        name: "printer",
        test: "option[60].hex == 'printer'",
        "option-data": [{ name: "vendor-encapsulated-options", "csv-format": false, data: "01020304" }],
      },
      {
        name: "badge",
        test: "option[60].hex == 'badge'",
        "option-def": [{ name: "vendor-encapsulated-options", code: 43, type: "string" }],
        "option-data": [{ name: "vendor-encapsulated-options", data: "hello" }],
      },
    ],
    subnet4: [LAN],
  },
  exchanges: [as("phone", 1), as("PXEClient", 2), as("printer", 3), as("badge", 4), as("toaster", 5)],
};

/** A vendor class (option 124) or vendor options (125) of enterprises, each with one byte more. */
const enterprises = (...numbers: number[]) =>
  Buffer.concat(numbers.map((number) => hex(`${number.toString(16).padStart(8, "0")}03020161`)));

const ALWAYS = { "always-send": true };
const SEVERAL = [
  { name: "vivso-suboptions", data: "4491", ...ALWAYS },
  { name: "tftp-servers", space: "vendor-4491", data: "10.0.0.5", ...ALWAYS },
  { name: "vivso-suboptions", data: "25506", ...ALWAYS },
  { name: "x", space: "vendor-25506", data: "hello", ...ALWAYS },
];

const exchanges = [
  asks("who names nobody", discover(client(1), { prl: PRL, options: [[50, ip("10.0.0.101")]] })),
  asks(
    "who names one by class",
    discover(client(2), {
      prl: PRL,
      options: [
        [50, ip("10.0.0.102")],
        [124, enterprises(4491)],
      ],
    }),
  ),
  asks(
    "who names the other by class",
    discover(client(3), {
      prl: PRL,
      options: [
        [50, ip("10.0.0.103")],
        [124, enterprises(25506)],
      ],
    }),
  ),
  asks(
    "who names one by options",
    discover(client(4), {
      prl: PRL,
      options: [
        [50, ip("10.0.0.104")],
        [125, hex("0000118b 03 010102")],
      ],
    }),
  ),
  asks(
    "who names the other by options",
    discover(client(5), {
      prl: PRL,
      options: [
        [50, ip("10.0.0.105")],
        [125, hex("000063a2 03 020161")],
      ],
    }),
  ),
  asks(
    "who names both",
    discover(client(6), {
      prl: PRL,
      options: [
        [50, ip("10.0.0.106")],
        [124, enterprises(4491, 25506)],
      ],
    }),
  ),
  asks(
    "who names a third",
    discover(client(7), {
      prl: PRL,
      options: [
        [50, ip("10.0.0.107")],
        [124, enterprises(9)],
      ],
    }),
  ),
  asks(
    "who names one and asks for nothing",
    discover(client(8), {
      prl: [1],
      options: [
        [50, ip("10.0.0.108")],
        [124, enterprises(25506)],
      ],
    }),
  ),
];

const several = (title: string, more: readonly object[]): Scene4 => ({
  title: `vendors: ${title}`,
  config: {
    "option-def": [{ name: "x", code: 1, space: "vendor-25506", type: "string" }],
    "option-data": more,
    subnet4: [LAN],
  },
  exchanges,
});

export const vendorScenes: readonly Scene4[] = [
  defined,
  several("several enterprises", SEVERAL),
  several("sub-options of several enterprises, without option 125", [SEVERAL[1]!, SEVERAL[3]!]),
  several("several vendor classes", [
    { name: "vivco-suboptions", data: "4491, 0401020304", ...ALWAYS },
    { name: "vivco-suboptions", data: "25506, 0405060708", ...ALWAYS },
  ]),
  several("an enterprise that is not always sent", [
    { name: "vivso-suboptions", data: "25506" },
    { name: "x", space: "vendor-25506", data: "hello" },
  ]),
];
