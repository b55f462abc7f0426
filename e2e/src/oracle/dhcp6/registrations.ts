/** RFC 9686: addresses that hosts have chosen themselves. Kea has them since 2.7.7. */
import { u32 } from "@kotare/testkit/payloads";
import { ipv6Bytes } from "../../wire/ipv6-text.ts";
import { MessageType6 } from "../../wire/message6.ts";
import { type Client, client, type Extra, home, na, query, relayed } from "./client.ts";
import { LAN } from "./lan.ts";
import { bind } from "./play.ts";
import type { Scene6, Script6 } from "./stage.ts";

const RESERVED = "2001:db8::1:77";

/** What a host registers. */
export const told = (address: string, preferred = 1000, valid = 2000): [number, Uint8Array] => [
  5,
  Buffer.concat([ipv6Bytes(address), u32(preferred, valid)]),
];

/** Through a relay, since nobody answers for the address on the link. Kea 3.0.4 looks at `link` where it should look at `peer`. */
export function registering(who: Client, address: string, extra: Extra = { options: [told(address)] }) {
  const message = query(who, MessageType6.ADDR_REG_INFORM, [], { oro: null, ...extra });
  return relayed(message, { link: address, peer: address });
}

export const registrationScenes6: readonly Scene6[] = [
  {
    title: "address registration",
    config: {
      subnet6: [
        {
          ...LAN,
          reservations: [{ duid: "00:03:00:01:02:aa:00:00:00:09", "ip-addresses": [RESERVED] }],
          "option-data": [{ name: "addr-reg-enable" }],
        },
      ],
    },
    exchanges: [
      {
        title: "of one's own address",
        async play(script) {
          await script.ask("first", ...registering(client(1), "2001:db8::1:1"));
          await script.ask("again", ...registering(client(1), "2001:db8::1:1"));
          await script.ask("by another", ...registering(client(2), "2001:db8::1:1"));
          const longer = { options: [told("2001:db8::1:1", 3000, 5000)] };
          await script.ask("longer", ...registering(client(2), "2001:db8::1:1", longer));
        },
      },
      {
        title: "asks whether there is registration",
        async play(script) {
          await bind(script, client(3), [na(1, home(3))], { oro: [148] });
          const wishing = { oro: [148, 23], options: [told("2001:db8::1:3")] };
          await script.ask("ORO", ...registering(client(3), "2001:db8::1:3", wishing));
        },
      },
      {
        title: "of what is no such address",
        async play(script) {
          const refused: [string, string, Extra][] = [
            ["two addresses", "2001:db8::1:4", { options: [told("2001:db8::1:4"), told("2001:db8::1:5")] }],
            ["none", "2001:db8::1:4", {}],
            ["another's", "2001:db8::1:4", { options: [told("2001:db8::1:5")] }],
            ["an association", "2001:db8::1:4", { options: [told("2001:db8::1:4"), na(1)] }],
            ["elsewhere", "2001:db8:99::4", { options: [told("2001:db8:99::4")] }],
            ["leased", home(3), { options: [told(home(3))] }],
          ];
          for (const [title, address, extra] of refused) await refuse(script, title, client(4), address, extra);
        },
      },
      {
        title: "of reserved ones",
        async play(script) {
          await refuse(script, "another's", client(4), RESERVED);
          await refuse(script, "its own", client(9), RESERVED);
        },
      },
      {
        title: "of an address in a pool",
        async play(script) {
          await script.ask("registered", ...registering(client(6), home(6)));
          await bind(script, client(6), [na(0, home(6))]);
        },
      },
    ],
  },
];

function refuse(script: Script6, title: string, who: Client, address: string, extra?: Extra): Promise<unknown> {
  return script.tell(title, ...registering(who, address, extra));
}
