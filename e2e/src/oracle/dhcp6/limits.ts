/** Kea's `limits`: so many packets in a time, and so many addresses and prefixes, of a class or in a subnet. */
import { text } from "@kotare/testkit/payloads";
import type { Option } from "../../wire/message4.ts";
import { client, home, homePrefix, na, pd, release, renew, solicit } from "./client.ts";
import { LAN } from "./lan.ts";
import { bind } from "./play.ts";
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
  {
    title: "limits, leases",
    config: {
      "cache-threshold": 0.000001,
      "client-classes": [
        limited("one", { "address-limit": 1, "prefix-limit": 0 }),
        limited("two", { "prefix-limit": 2 }),
      ],
      subnet6: [{ ...LAN, ...limits({ "address-limit": 3, "prefix-limit": 3 }) }],
      "hooks-libraries": [{ library: "libdhcp_limits.so" }],
    },
    exchanges: [
      {
        title: "of a class",
        async play(script) {
          const mine = { options: [of("one")] };
          await bind(script, client(1), [na(1, home(1)), pd(2, homePrefix(1))], mine);
          await bind(script, client(2), [na(1, home(2))], mine, "another");
          await script.ask("RENEW", renew(client(1), [na(1, home(1))], mine));
          await script.ask("RENEW with one more", renew(client(1), [na(1, home(1)), na(7, home(7))], mine));
          await script.ask("RELEASE", release(client(1), [na(1, home(1))], mine));
          await script.ask("another then", solicit(client(2), [na(1, home(2))], mine));
          await bind(script, client(1), [na(1, home(1))], mine, "again");
        },
      },
      {
        title: "of several associations",
        async play(script) {
          const mine = { options: [of("two")] };
          await bind(
            script,
            client(11),
            [1, 2, 3].map((iaid) => pd(iaid, homePrefix(0x10 + iaid))),
            mine,
            "three",
          );
          await bind(script, client(11), [pd(4, homePrefix(0x14))], mine, "one more");
        },
      },
      {
        title: "of a subnet",
        async play(script) {
          await bind(script, client(21), [na(1, home(21)), pd(2, homePrefix(0x21))]);
          await bind(script, client(22), [na(1, home(22)), na(2, home(23)), pd(2, homePrefix(0x22))], {}, "another");
        },
      },
    ],
  },
];
