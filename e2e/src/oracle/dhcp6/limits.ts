/** Kea's `limits`: so many packets in a time, of a class or in a subnet. */
import { text } from "@kotare/testkit/payloads";
import type { Option } from "../../wire/message4.ts";
import { client, home, na, solicit } from "./client.ts";
import { LAN } from "./lan.ts";
import type { Scene6 } from "./stage.ts";

const of = (kind: string): Option => [15, Buffer.concat([Uint8Array.of(0, kind.length), text(kind)])];
const limits = (keys: object) => ({ "user-context": { limits: keys } });
const limited = (name: string, keys: object) => ({
  name,
  test: `substring(option[15].hex, 2, all) == '${name}'`,
  ...limits(keys),
});

export const limitsScenes6: readonly Scene6[] = [
  {
    title: "limits",
    config: {
      "client-classes": [limited("two", { "rate-limit": "2 packets per hour" })],
      subnet6: [LAN],
      "hooks-libraries": [{ library: "libdhcp_limits.so" }],
    },
    exchanges: [
      {
        title: "packets",
        async play(script) {
          const asking = (number: number) => solicit(client(number), [na(1, home(number))], { options: [of("two")] });
          for (const number of [1, 2]) await script.ask(`${number}`, asking(number));
          await script.tell("3", asking(3));
        },
      },
    ],
  },
];
