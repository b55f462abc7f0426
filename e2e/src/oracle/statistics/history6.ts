/** What DHCPv6 clients do that changes statistics. */
import { MessageType6 } from "../../wire/message6.ts";
import {
  client,
  confirm,
  decline,
  inform,
  na,
  pd,
  query,
  rebind,
  release,
  renew,
  request,
  solicit,
} from "../dhcp6/client.ts";
import { bind } from "../dhcp6/play.ts";
import type { Speech6 } from "../dhcp6/stage.ts";
import type { History } from "./history.ts";

/** Clients' DUIDs are made of their MAC addresses. */
const duidOf = (number: number) => Buffer.from(client(number).duid).toString("hex");

const LAN = {
  id: 1,
  subnet: "2001:db8::/64",
  interface: "eth0",
  pools: [{ pool: "2001:db8::10-2001:db8::11", "pool-id": 3 }, { pool: "2001:db8::20-2001:db8::24" }],
  "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56, "pool-id": 2 }],
  reservations: [{ duid: duidOf(50), "ip-addresses": ["2001:db8::beef"], prefixes: ["2001:db8:9000::/56"] }],
};
/** More addresses and prefixes than JavaScript's numbers can count. */
const OTHER = {
  id: 2,
  subnet: "2001:db8:1::/48",
  pools: [
    { pool: "2001:db8:1::/64", "pool-id": 4 },
    { pool: "2001:db8:1:1::1-2001:db8:1:1:ffff:ffff:ffff:ffff", "pool-id": 5 },
  ],
  "pd-pools": [
    { prefix: "3000::", "prefix-len": 16, "delegated-len": 96, "pool-id": 6 },
    { prefix: "3001::", "prefix-len": 32, "delegated-len": 90, "pool-id": 6 },
  ],
};
const BASE = {
  "min-valid-lifetime": 1,
  "valid-lifetime": 4000,
  "preferred-lifetime": 3000,
  "decline-probation-period": 1,
};
const NOBODY = { name: "nobody", test: "option[9999].exists" };
const RECLAIM = { remove: false };

const ADDRESS = "2001:db8::10";
const PREFIX = "2001:db8:8000::/56";
const both = (address: string, prefix: string) => [na(1, address), pd(1, prefix)];
/** A lease that ends soon. */
const short = (lease: string) => ({ lease, preferred: 1, valid: 1 });

const FUTURE = 2_500_000_000;
const LEASES = `address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,fqdn_fwd,fqdn_rev,hostname,hwaddr,state,user_context,hwtype,hwaddr_source,pool_id
2001:db8:1::1,00:03:00:01:02:aa:aa:aa:aa:01,4000,${FUTURE},2,3000,0,1,128,0,0,,,0,,,,4
2001:db8:1::2,00:03:00:01:02:aa:aa:aa:aa:02,4000,${FUTURE},2,3000,0,1,128,0,0,,,0,,,,4
3000:1::,00:03:00:01:02:aa:aa:aa:aa:01,4000,${FUTURE},2,3000,2,1,96,0,0,,,0,,,,6
this is no row
2001:db8:1::4,00:03:00:01:02:aa:aa:aa:aa:04,4000,not a time,2,3000,0,1,128,0,0,,,0,,,,4
2001:db8:1::9,00:03:00:01:02:aa:aa:aa:aa:05,4000,${FUTURE},9,3000,0,1,128,0,0,,,0,,,,0
`;

export const history6: History<Speech6> = {
  title: "DHCPv6",
  config: { ...BASE, subnet6: [LAN, OTHER] },
  leases: LEASES,
  chapters: [
    {
      title: "a client binds, renews, rebinds and confirms",
      async play(script) {
        const who = client(1);
        const own = both(ADDRESS, PREFIX);
        await bind(script, who, own);
        await script.ask("RENEW", renew(who, own));
        await script.ask("REBIND", rebind(who, own));
        await script.ask("CONFIRM", confirm(who, [na(1, ADDRESS)]));
        await script.ask("INFORMATION-REQUEST", inform(who));
      },
    },
    {
      title: "it gives everything back",
      async play(script, { command }) {
        await script.ask("RELEASE", release(client(1), both(ADDRESS, PREFIX)));
        await command("leases-reclaim", RECLAIM);
      },
    },
    {
      title: "it comes back",
      play: async (script) => void (await bind(script, client(1), both(ADDRESS, PREFIX))),
    },
    {
      title: "somebody declines",
      async play(script) {
        await bind(script, client(2), [na(1, "2001:db8::11")]);
        await script.ask("DECLINE", decline(client(2), [na(1, "2001:db8::11")]));
      },
    },
    {
      title: "the rest is over",
      async play(script, { command }) {
        await script.pause(2.1);
        await command("leases-reclaim", RECLAIM);
      },
    },
    {
      title: "leases expire",
      async play(script, { command }) {
        const wishes = [na(1, short("2001:db8::20")), pd(1, short("2001:db8:8000:500::/56"))];
        await script.ask("REQUEST", request(client(3), wishes));
        await script.pause(2.1);
        await command("leases-reclaim", RECLAIM);
      },
    },
    {
      title: "a lease is over, and its client comes back before anybody has seen it",
      async play(script) {
        await script.ask("REQUEST", request(client(4), [na(1, short("2001:db8::21"))]));
        await script.pause(2.1);
        await script.ask("RENEW", renew(client(4), [na(1, "2001:db8::21")]));
      },
    },
    {
      title: "an address outside of all pools",
      play: async (script) => void (await bind(script, client(50), [na(1), pd(1)])),
    },
    {
      title: "messages that no server takes",
      async play(script) {
        const from = client(30);
        for (const type of [MessageType6.ADVERTISE, MessageType6.REPLY, 99]) {
          await script.tell(`type ${type}`, query(from, type, []));
        }
        await script.tell("no client identifier", { ...solicit(from, [na(1)]), options: [na(1)] });
        await script.tell("another server's", {
          ...request(from, []),
          options: [[1, from.duid], [2, client(99).duid], na(1)],
        });
        await script.tellBytes("cut short", solicit(from, [na(1)]), (payload) => payload.subarray(0, 2));
      },
    },
    {
      title: "the pools are full",
      async play(script) {
        for (let number = 60; number < 66; number++) await bind(script, client(number), [na(1)]);
        await script.ask("SOLICIT", solicit(client(66), [na(1)]));
        await script.ask("REQUEST", request(client(66), [na(1), na(2)]));
      },
    },
    {
      title: "a lease is added by command",
      play: (_, { command }) =>
        command("lease6-add", {
          "ip-address": "2001:db8:1::77",
          duid: "00:03:00:01:02:aa:aa:aa:aa:07",
          iaid: 3,
          "subnet-id": 2,
          "pool-id": 4,
        }),
    },
    {
      title: "it is deleted by command",
      play: (_, { command }) => command("lease6-del", { "ip-address": "2001:db8:1::77" }),
    },
    {
      title: "a subnet is taken out of the configuration",
      play: (_, { reload }) => reload({ ...BASE, subnet6: [LAN] }),
    },
    {
      title: "it comes back, with a larger pool",
      play: (_, { reload }) => {
        const pools = [{ pool: "2001:db8:1::/60", "pool-id": 4 }];
        return reload({ ...BASE, subnet6: [LAN, { ...OTHER, pools }] });
      },
    },
    {
      title: "there are no pools",
      async play(script, { reload }) {
        await reload({ ...BASE, subnet6: [{ ...LAN, pools: [], "pd-pools": [] }] });
        await script.ask("SOLICIT", solicit(client(70), [na(1), pd(1)]));
      },
    },
    {
      title: "no pool is for the client",
      async play(script, { reload }) {
        const [pool] = LAN.pools;
        const subnet = { ...LAN, pools: [{ ...pool, "client-class": NOBODY.name }] };
        await reload({ ...BASE, "client-classes": [NOBODY], subnet6: [subnet] });
        await script.ask("SOLICIT", solicit(client(72), [na(1)]));
      },
    },
    {
      title: "there is no subnet",
      async play(script, { reload }) {
        await reload({ ...BASE, subnet6: [OTHER] });
        await script.ask("SOLICIT", solicit(client(71), [na(1), pd(1)]));
      },
    },
  ],
};
