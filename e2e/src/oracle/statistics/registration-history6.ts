/** RFC 9686: hosts that register their addresses, and what is counted of that. Kea has it since 2.7.7. */
import { client } from "../dhcp6/client.ts";
import { LAN } from "../dhcp6/lan.ts";
import { registering, told } from "../dhcp6/registrations.ts";
import type { Speech6 } from "../dhcp6/stage.ts";
import type { Chapter, History } from "./history.ts";

const [FIRST, SECOND] = ["2001:db8::1:1", "2001:db8::1:2"];
const LEASES = [
  "address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,fqdn_fwd,fqdn_rev,hostname,hwaddr,state,user_context,hwtype,hwaddr_source,pool_id",
  "2001:db8::1:9,00:03:00:01:02:aa:00:00:00:09,3000,2500000000,1,3000,0,0,128,0,0,,,4,,,,0",
  "",
];

function registers(title: string, number: number, address: string, valid = 2000): Chapter<Speech6> {
  const message = registering(client(number), address, { options: [told(address, valid, valid)] });
  return { title, play: async (script) => void (await script.ask("ADDR-REG-INFORM", ...message)) };
}

export const registrationHistory6: History<Speech6> = {
  title: "addresses are registered",
  config: { subnet6: [LAN] },
  leases: LEASES.join("\n"),
  names: [
    ...["pkt6-addr-reg-inform-received", "pkt6-addr-reg-reply-sent", "pkt6-addr-reg-reply-received"],
    ...["cumulative-registered-nas", "subnet[1].cumulative-registered-nas", "subnet[1].registered-nas"],
    ...["subnet[1].assigned-nas", "subnet[1].cumulative-assigned-nas"],
  ],
  chapters: [
    registers("an address", 1, FIRST),
    registers("the same again", 1, FIRST),
    registers("the same, by another host", 2, FIRST),
    registers("another one", 2, SECOND),
    {
      title: "one that is of no subnet",
      play: (script) => script.tell("ADDR-REG-INFORM", ...registering(client(3), "2001:db8:77::1")),
    },
    registers("for no time", 2, SECOND, 0),
    {
      title: "what is over is reclaimed",
      play: (_, operator) => operator.command("leases-reclaim", { remove: false }),
    },
    { title: "one is removed", play: (_, operator) => operator.command("lease6-del", { "ip-address": FIRST }) },
  ],
};
