/** What tests see of a reply. */
import type { IdentityAssociation } from "@kotare/core/dhcp6/identity-association";
import { nameMessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { decodePdExclude } from "@kotare/core/dhcp6/pd-exclude";
import { StatusCode6 } from "@kotare/core/dhcp6/status-code6";
import { formatIpv6Key } from "@kotare/core/ip/ipv6-key";

/** A reply as text; associations as `na 1 T1 T2 2001:db8::1 preferred/valid …`, or with the status they have. */
export interface TestReply6 {
  readonly type: string;
  readonly message: Message6;
  readonly ias: readonly string[];
  /** Name of the code in option 13 of the message itself. */
  readonly status: string | undefined;
}

export function readReply6(bytes: Uint8Array): TestReply6 {
  const message = new Message6(bytes);
  return {
    type: nameMessageType6(message.type),
    message,
    ias: message.ias.map(formatIa),
    status: message.status && nameOf(StatusCode6, message.status.code),
  };
}

function formatIa({ code, iaid, t1, t2, leases, status }: IdentityAssociation): string {
  const texts = leases.map((lease) => {
    const { address, length, preferred, valid, exclude } = lease;
    const where = code === Option6.iaNa ? formatIpv6Key(address) : `${formatIpv6Key(address)}/${length}`;
    const without = exclude && decodePdExclude(exclude, lease);
    const except = without === undefined ? "" : ` without ${formatIpv6Key(without.address)}/${without.length}`;
    return `${where} ${preferred}/${valid}${except}`;
  });
  const name = status === undefined ? [] : [nameOf(StatusCode6, status.code)];
  return [code === Option6.iaNa ? "na" : "pd", iaid, t1, t2, ...texts, ...name].join(" ");
}

export function nameOf(table: Readonly<Record<string, number>>, value: number): string {
  return Object.entries(table).find(([, known]) => known === value)![0];
}
