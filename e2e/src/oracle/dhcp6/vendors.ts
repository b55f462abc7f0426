/** Options of several vendors: option 17 of several enterprises, all configured globally. */
import { hex, u32 } from "@kotare/testkit/payloads";
import { asks } from "../scene.ts";
import { client, home, na, solicit } from "./client.ts";
import { LAN } from "./lan.ts";
import type { Scene6 } from "./stage.ts";

const vendorClass = (enterprise: number) => [16, Buffer.concat([u32(enterprise), hex("0001 61")])] as const;
const vendorOptions = (enterprise: number) => [17, Buffer.concat([u32(enterprise), hex("0001 0002 0011")])] as const;
const ORO = [16, 17, 23];

const exchanges = [
  asks("who names nobody", solicit(client(1), [na(1, home(1))], { oro: ORO })),
  asks("who names one by class", solicit(client(2), [na(1, home(2))], { oro: ORO, options: [vendorClass(4491)] })),
  asks(
    "who names the other by class",
    solicit(client(3), [na(1, home(3))], { oro: ORO, options: [vendorClass(25506)] }),
  ),
  asks("who names one by options", solicit(client(4), [na(1, home(4))], { oro: ORO, options: [vendorOptions(4491)] })),
  asks(
    "who names the other by options",
    solicit(client(5), [na(1, home(5))], { oro: ORO, options: [vendorOptions(25506)] }),
  ),
  asks(
    "who names both",
    solicit(client(6), [na(1, home(6))], { oro: ORO, options: [vendorClass(4491), vendorClass(25506)] }),
  ),
  asks("who names a third", solicit(client(7), [na(1, home(7))], { oro: ORO, options: [vendorClass(9)] })),
  asks(
    "who names one and asks for nothing",
    solicit(client(8), [na(1, home(8))], { oro: [23], options: [vendorClass(25506)] }),
  ),
];

const ALWAYS = { "always-send": true };
const SEVERAL = [
  { name: "vendor-opts", data: "4491", ...ALWAYS },
  { name: "tftp-servers", space: "vendor-4491", data: "2001:db8::5", ...ALWAYS },
  { name: "vendor-opts", data: "25506", ...ALWAYS },
  { name: "x", space: "vendor-25506", data: "hello", ...ALWAYS },
];

const several = (title: string, more: readonly object[]): Scene6 => ({
  title: `vendors: ${title}`,
  config: {
    "option-def": [{ name: "x", code: 1, space: "vendor-25506", type: "string" }],
    "option-data": more,
    subnet6: [LAN],
  },
  exchanges,
});

export const vendorScenes: readonly Scene6[] = [
  several("several enterprises", SEVERAL),
  several("sub-options of several enterprises, without option 17", [SEVERAL[1]!, SEVERAL[3]!]),
  several("an enterprise that is not always sent", [
    { name: "vendor-opts", data: "25506" },
    { name: "x", space: "vendor-25506", data: "hello" },
  ]),
];
