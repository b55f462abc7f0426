/** Kea's `limits`: so many packets in a time, of a class or in a subnet. */
import { ip, text } from "@kotare/testkit/payloads";
import type { Option } from "../../wire/message4.ts";
import { client, discover, relayed } from "./client.ts";
import { LAN } from "./lan.ts";
import type { Scene4 } from "./stage.ts";

const LIBRARY = [{ library: "libdhcp_limits.so" }];
const of = (vendor: string): Option => [60, text(vendor)];
/** Each client wants an address that no other does. */
const asking = (number: number, ...options: Option[]) =>
  discover(client(number), { options: [[50, ip(`10.0.0.${100 + number}`)], ...options] });
const limits = (keys: object) => ({ "user-context": { limits: keys } });
const limited = (name: string, keys: object) => ({ name, test: `option[60].text == '${name}'`, ...limits(keys) });

export const limitsScenes4: readonly Scene4[] = [
  {
    title: "limits, packets",
    config: {
      "client-classes": [
        limited("two", { "rate-limit": "2 packets per hour" }),
        limited("none", { "rate-limit": "0 packets per minute" }),
        { name: "both", test: "member('two')", ...limits({ "rate-limit": "1 packet per second" }) },
      ],
      subnet4: [
        { ...LAN, ...limits({ "rate-limit": "6 packets per day" }) },
        { id: 2, subnet: "10.9.0.0/24", pools: [{ pool: "10.9.0.10 - 10.9.0.19" }] },
      ],
      "hooks-libraries": LIBRARY,
    },
    exchanges: [
      {
        title: "of a class",
        async play(script) {
          await script.nextSecond();
          await script.ask("one", asking(1, of("two")));
          await script.tell("another at once", asking(2, of("two")));
          await script.pause(1.1);
          await script.ask("another later", asking(3, of("two")));
          await script.pause(1.1);
          await script.tell("a third", asking(4, of("two")));
          await script.tell("of a class that has none", asking(5, of("none")));
        },
      },
      {
        title: "of a subnet",
        async play(script) {
          for (const number of [11, 12, 13, 14]) await script.ask(`of ${number}`, asking(number));
          await script.tell("one more", asking(15));
          await script.ask("elsewhere", ...relayed(discover(client(16)), { giaddr: "10.9.0.254" }));
        },
      },
    ],
  },
];
