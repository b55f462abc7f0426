/** What happens to leases of DHCPv6, in all the ways that Kea's hooks are told of. */
import { hex, text } from "@kotare/testkit/payloads";
import {
  client,
  confirm,
  decline,
  held,
  inform,
  na,
  pd,
  type Query,
  type RelaySpec,
  rebind,
  relayed,
  release,
  renew,
  solicit,
} from "../dhcp6/client.ts";
import { LAN } from "../dhcp6/lan.ts";
import { bind } from "../dhcp6/play.ts";
import { registering } from "../dhcp6/registrations.ts";
import type { Speech6 } from "../dhcp6/stage.ts";
import type { Acts } from "./play-events.ts";

const FLOOR: RelaySpec = {
  link: "2001:db8:1::1",
  options: [
    [18, text("port 3")],
    [37, hex("0102030405ff")],
    [38, text("carol")],
  ],
};
const BACKBONE: RelaySpec = { link: "2001:db8:2::1", options: [[18, text("uplink")]] };
const via = (query: Query) => relayed(query, FLOOR, BACKBONE);
const named = {
  options: [[39, Buffer.concat([hex("0005"), text("alice"), hex("07"), text("example"), hex("00")])] as const],
};

export const acts6: Acts<Speech6> = {
  config: {
    "valid-lifetime": 6735,
    "preferred-lifetime": 3000,
    // In the one, leases are written at each renewal; in the other, young ones are confirmed as they stand.
    subnet6: [
      {
        ...LAN,
        "cache-threshold": 0.000001,
        "rapid-commit": true,
        "option-data": [...LAN["option-data"], { name: "addr-reg-enable" }],
      },
      {
        id: 2,
        subnet: "2001:db8:1::/64",
        pools: [{ pool: "2001:db8:1::10 - 2001:db8:1::ff" }],
        "valid-lifetime": 100_000,
        "cache-threshold": 0.25,
      },
    ],
  },
  async play(script, command) {
    const one = client(1);
    const first = held(await bind(script, one, [na(1), pd(2)], named));
    await script.ask("RENEW", renew(one, first, named));
    await script.ask("REBIND", rebind(one, first, named));
    await script.ask("CONFIRM", confirm(one, first));
    const two = client(2, hex("00040102030405060708090a0b0c0d0e0f10"));
    const second = held(await bind(script, two, [na(7)], { via }));
    await script.ask("RENEW through relays", ...via(renew(two, second)));
    await script.ask("an offer", solicit(client(3), [na(1)]));
    await script.ask("rapid commit", solicit(client(4), [na(1)], { options: [[14, new Uint8Array(0)]] }));
    await script.ask("INFORMATION-REQUEST", inform(client(5)));
    await script.ask("RENEW of an address that nobody has", renew(client(6), [na(1, "2001:db8::77")]));
    await script.ask("RELEASE", release(one, first));
    await script.ask("RELEASE through relays", ...via(release(two, second)));
    const seventh = held(await bind(script, client(7), [na(1)]));
    await script.ask("DECLINE", decline(client(7), seventh));
    const lease = { duid: "01:02:03:04", iaid: 1, "hw-address": client(8).mac };
    const address = { "ip-address": "2001:db8::f:1" };
    const prefix = { "ip-address": "2001:db8:8000:e00::", type: "IA_PD", "prefix-len": 56, "subnet-id": 1 };
    for (const which of [address, prefix]) {
      await command("lease6-add", { ...which, ...lease, "valid-lft": 60, "user-context": { a: 1 } });
      await command("lease6-update", { ...which, ...lease, "valid-lft": 90_061, origin: "ha-partner" });
    }
    await command("lease6-del", address);
    await command("lease6-del", {
      "identifier-type": "duid",
      identifier: lease.duid,
      iaid: 1,
      "subnet-id": 1,
      type: "IA_PD",
    });
    const leases = [5, 6].map((n) => ({
      "ip-address": `2001:db8::f:${n}`,
      duid: "01:02:03:05",
      iaid: n,
      "subnet-id": 1,
    }));
    await command("lease6-bulk-apply", { leases, "deleted-leases": [address] });
    const gone = leases.map((each) => ({ "ip-address": each["ip-address"], type: "IA_NA" }));
    await command("lease6-bulk-apply", { leases: [{ ...leases[0], iaid: 7 }], "deleted-leases": gone.slice(1) });
    const expire = Math.floor(Date.now() / 1000) - 10;
    for (const remove of [false, true]) {
      const last = remove ? 1 : 0;
      const over = { iaid: 5, "valid-lft": 60, "preferred-lft": 30, expire };
      await command("lease6-add", { "ip-address": `2001:db8::f:1${last}`, duid: `01:02:03:1${last}`, ...over });
      await command("lease6-add", {
        "ip-address": `2001:db8::f:2${last}`,
        duid: `01:02:03:2${last}`,
        state: 1,
        ...over,
      });
      await command("leases-reclaim", { remove });
    }
    await bind(script, client(20), [na(1)]);
    for (const number of [30, 30, 31]) {
      await script.ask("ADDR-REG-INFORM", ...registering(client(number), "2001:db8::1:1"));
    }
  },
};
