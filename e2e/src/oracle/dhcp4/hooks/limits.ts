/** Kea's `limits`: so many packets in a time, and so many leases, of a class or in a subnet. */
import { ip, text } from "@kotare/testkit/payloads";
import type { Option } from "../../../wire/message4.ts";
import type { Query4 } from "../../../wire/probe4.ts";
import { client, decline, discover, extend, initReboot, relayed, selecting, unicast } from "../client.ts";
import { LAN, SERVER } from "../lan.ts";
import { type Binding, bind } from "../play.ts";
import type { Scene4 } from "../stage.ts";

const LIBRARY = [{ library: "libdhcp_limits.so" }];
const of = (vendor: string): Option => [60, text(vendor)];
/** Each client wants an address that no other does. */
const asking = (number: number, ...options: Option[]) =>
  discover(client(number), { options: [[50, ip(`10.0.0.${100 + number}`)], ...options] });
/** As `asking`, and takes what it gets. */
const binding = (home: number, ...options: Option[]): Binding => ({ wanted: `10.0.0.${100 + home}`, options });
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
  {
    title: "limits, leases",
    config: {
      // What is confirmed as it stands is not counted anew.
      "cache-threshold": 0.000001,
      "store-extended-info": true,
      "client-classes": [
        limited("one", { "address-limit": 1 }),
        limited("two", { "address-limit": 1 }),
        limited("none", { "address-limit": 0 }),
      ],
      subnet4: [
        LAN,
        { id: 2, subnet: "10.9.0.0/24", pools: [{ pool: "10.9.0.10 - 10.9.0.19" }], ...limits({ "address-limit": 1 }) },
      ],
      "hooks-libraries": LIBRARY,
    },
    exchanges: [
      {
        title: "of a class",
        async play(script) {
          const mine = { options: [of("one")] };
          await bind(script, client(1), binding(1, of("one")));
          await script.tell("another's DISCOVER", asking(2, of("one")));
          const offer = { yiaddr: "10.0.0.102", options: [[54, ip(SERVER.address)] as const] };
          await script.tell("another's REQUEST", selecting(client(2), offer, mine));
          await script.tell("another's INIT-REBOOT", initReboot(client(2), "10.0.0.102", mine));
          await script.ask("RENEW", extend(client(1), "10.0.0.101", mine), unicast("10.0.0.101"));
          await script.ask("DISCOVER again", asking(1, of("one")));
          await script.tell("DECLINE", decline(client(1), "10.0.0.101", mine));
          await bind(script, client(2), binding(2, of("one")), "another then");
          await script.tell("of a class that has none", asking(3, of("none")));
          const elsewhere = { giaddr: "10.9.0.254", agent: [[1, text("port")] as const] };
          await script.tell("of the class elsewhere", ...relayed(discover(client(4), mine), elsewhere));
        },
      },
      {
        title: "that its client leaves for another",
        async play(script) {
          const renew = (kind: string) =>
            script.ask(
              `RENEW as ${kind}`,
              extend(client(2), "10.0.0.102", { options: [of(kind)] }),
              unicast("10.0.0.102"),
            );
          await bind(script, client(11), binding(11, of("two")), "of two");
          // Who has a lease keeps it, though its class is full.
          await renew("two");
          await script.tell("another of two", asking(12, of("two")));
          await bind(script, client(13), binding(13, of("one")), "of one");
          await script.tell("another of one", asking(14, of("one")));
        },
      },
      {
        title: "of a subnet",
        async play(script) {
          const via = (message: Query4) => relayed(message, { giaddr: "10.9.0.254", agent: [[1, text("port")]] });
          await bind(script, client(21), { wanted: "10.9.0.15", options: [of("three")], via });
          await script.tell("one more", ...via(discover(client(22))));
          await script.ask("RENEW", ...via(extend(client(21), "10.9.0.15", { options: [of("three")] })));
        },
      },
    ],
  },
];
