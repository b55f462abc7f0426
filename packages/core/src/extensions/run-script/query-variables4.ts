/** What scripts find out about a message of DHCPv4. */
import { readU32 } from "../../base/big-endian.ts";
import { formatHex } from "../../base/hex.ts";
import { nameMessageType4 } from "../../dhcp4/message-type4.ts";
import { Field4, Option4 } from "../../dhcp4/message4.ts";
import { decodeSubOptions4 } from "../../dhcp4/options/sub-options4.ts";
import type { Subject4 } from "../../expressions/expressions4.ts";
import { formatIpv4, LIMITED_BROADCAST } from "../../ip/ipv4.ts";
import { type Environment, showOption, withPrefix } from "./environment.ts";

/** A message with everything about its way to us. */
export interface ScriptSubject4 extends Subject4 {
  readonly ingress: Subject4["ingress"] & {
    readonly interface: { readonly index: number; readonly mac: Uint8Array };
    readonly sourcePort: number;
    readonly sourceMac: Uint8Array | undefined;
  };
}

const SERVER_PORT = 67;
const BROADCAST_MAC = "ff:ff:ff:ff:ff:ff";

export function queryVariables4({ message, ingress }: ScriptSubject4): Environment {
  const { bytes, chaddr, giaddr } = message;
  const { destination, sourceMac } = ingress;
  const agent = message.option(Option4.relayAgentInformation);
  const local = destination === LIMITED_BROADCAST ? BROADCAST_MAC : formatHex(ingress.interface.mac);
  return withPrefix("QUERY4", {
    TYPE: nameMessageType4(message.type),
    TXID: message.xid,
    LOCAL_ADDR: formatIpv4(destination),
    LOCAL_PORT: SERVER_PORT,
    REMOTE_ADDR: formatIpv4(ingress.source),
    REMOTE_PORT: ingress.sourcePort,
    IFACE_INDEX: ingress.interface.index,
    IFACE_NAME: ingress.interface.name,
    HOPS: message.hops,
    SECS: message.secs,
    FLAGS: message.flags,
    CIADDR: formatIpv4(message.ciaddr),
    SIADDR: formatIpv4(readU32(bytes, Field4.siaddr)),
    YIADDR: formatIpv4(readU32(bytes, Field4.yiaddr)),
    GIADDR: formatIpv4(giaddr),
    RELAYED: giaddr !== 0,
    HWADDR: formatHex(chaddr),
    HWADDR_TYPE: message.htype,
    LOCAL_HWADDR: local,
    LOCAL_HWADDR_TYPE: 1,
    REMOTE_HWADDR: formatHex(sourceMac ?? new Uint8Array(0)),
    REMOTE_HWADDR_TYPE: sourceMac === undefined ? "" : 1,
    OPTION_82: showOption(agent),
    ...(agent === undefined ? {} : subOptions(agent)),
  });
}

function subOptions(agent: Uint8Array): Readonly<Record<string, string | undefined>> {
  const found = new Map(decodeSubOptions4(agent, "option 82").map(({ code, data }) => [code, data]));
  return { OPTION_82_SUB_OPTION_1: showOption(found.get(1)), OPTION_82_SUB_OPTION_2: showOption(found.get(2)) };
}
