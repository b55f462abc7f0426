/** What scripts find out about a message of DHCPv6. */
import { formatHex } from "../../base/hex.ts";
import type { IdentityAssociation } from "../../dhcp6/identity-association.ts";
import { nameMessageType6 } from "../../dhcp6/message-type6.ts";
import { Option6 } from "../../dhcp6/option6.ts";
import type { Subject6 } from "../../expressions/expressions6.ts";
import { formatIpv6Key } from "../../ip/ipv6-key.ts";
import { type Environment, showOption, withPrefix } from "./environment.ts";

/** A message with everything about its way to us. */
export interface ScriptSubject6 extends Subject6 {
  readonly ingress: Subject6["ingress"] & {
    readonly interface: { readonly index: number };
    readonly sourcePort: number;
  };
}

export function queryVariables6({ message, ingress }: ScriptSubject6): Environment {
  const { clientId } = message;
  /** Of the relay that is nearest to the client and has it. */
  const ofRelays = (code: number) =>
    showOption(message.relays.findLast((relay) => relay.hasOption(code))?.option(code));
  return withPrefix("QUERY6", {
    TYPE: nameMessageType6(message.type).replaceAll("-", "_"),
    TXID: message.transactionId,
    LOCAL_ADDR: formatIpv6Key(ingress.destination),
    // Kea does not know these three, either.
    LOCAL_PORT: 0,
    REMOTE_HWADDR: "",
    REMOTE_HWADDR_TYPE: "",
    REMOTE_ADDR: formatIpv6Key(ingress.source),
    REMOTE_PORT: ingress.sourcePort,
    IFACE_INDEX: ingress.interface.index,
    IFACE_NAME: ingress.interface.name,
    PROTO: "UDP",
    CLIENT_ID: clientId && formatHex(clientId),
    OPTION_18: ofRelays(Option6.interfaceId),
    OPTION_37: ofRelays(Option6.remoteId),
    OPTION_38: ofRelays(Option6.subscriberId),
  });
}

/** Of the association that the message names for a lease. */
export function iaVariables(
  { message }: ScriptSubject6,
  type: string | undefined,
  iaid: number | undefined,
): Environment {
  const code = type === "IA_PD" ? Option6.iaPd : Option6.iaNa;
  const ia: IdentityAssociation | undefined = message.ias.find((each) => each.code === code && each.iaid === iaid);
  return withPrefix("PKT6_IA", { IAID: iaid, IA_TYPE: code, IA_T1: ia?.t1 ?? 0, IA_T2: ia?.t2 ?? 0 });
}
