/** Explains DHCPv6 messages without a server that runs. */
import { readU16 } from "@kotare/core/base/big-endian";
import { systemClock } from "@kotare/core/base/clock";
import { unlessBroken } from "@kotare/core/base/decode-error";
import type { Dhcp6Config } from "@kotare/core/config/dhcp6-config";
import type { Explainer } from "@kotare/core/daemon/offline/explainer";
import { daemonPaths } from "@kotare/core/daemon/paths";
import { nameMessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { formatIpv6Key } from "@kotare/core/ip/ipv6-key";
import { muteLog } from "@kotare/core/log/mute-log";
import { openOfflineServer } from "@kotare/core/server/explain/offline-server";
import { interfaceRules6 } from "@kotare/core/server/interfaces/interface-rules6";
import { openLeaseFile6 } from "@kotare/core/server/leases/open-lease-file";
import { readAddress6 } from "@kotare/netio/frames/address6";
import { decodeFrame6 } from "@kotare/netio/frames/frame6";
import { packetPath6 } from "../path/packet-path6.ts";
import { beginHosts6, compileService6 } from "../path/service6.ts";
import { server6 } from "../report/messages6.ts";
import { CLIENT, explainRules6 } from "./explain-rules6.ts";
import { makeMessage6, TYPES6 } from "./make-message6.ts";

const PORTS = { server: 547, client: 546 };
/** So many bytes before its payload a datagram has its destination port. */
const PORT_BEFORE = 6;
/** Of a server that has none yet: a DUID-LL of no interface. */
const NO_DUID = Uint8Array.of(0, 3, 0, 1, 0, 0, 0, 0, 0, 0);

export const explainer6: Explainer<Dhcp6Config> = {
  types: TYPES6.map(nameMessageType6),
  makeMessage: makeMessage6,
  findMessage(frame) {
    const fields = { offset: 0, length: 0, sourceOffset: 0, sourcePort: 0, destinationOffset: 0, macOffset: 0 };
    // Captures of a host's own packets have checksums that its hardware was to fill in.
    if (decodeFrame6(frame, 0, frame.length, false, fields) !== "datagram") return undefined;
    const { offset, length, sourceOffset, sourcePort, destinationOffset, macOffset } = fields;
    if (readU16(frame, offset - PORT_BEFORE) !== PORTS.server) return undefined;
    return {
      payload: frame.subarray(offset, offset + length),
      source: formatIpv6Key(readAddress6(frame, sourceOffset)),
      sourcePort,
      destination: formatIpv6Key(readAddress6(frame, destinationOffset)),
      mac: frame.subarray(macOffset, macOffset + 6),
    };
  },
  nameMessage(payload) {
    const message = unlessBroken(() => new Message6(payload));
    if (message === undefined) return "a broken message";
    return `${nameMessageType6(message.type)} xid=0x${message.transactionId.toString(16).padStart(6, "0")}`;
  },
  open: (config) =>
    openOfflineServer(
      {
        rules: explainRules6,
        interfaceRules: interfaceRules6,
        path: packetPath6(PORTS),
        openStore: (given) =>
          openLeaseFile6(withoutFile(given), {
            paths: daemonPaths(process.env),
            clock: systemClock,
            log: muteLog(),
            messages: server6,
            signal: new AbortController().signal,
          }),
        compile: (given, store) => compileService6(given, store, NO_DUID),
        beginHosts: beginHosts6,
        serviceFor(service, payload) {
          const serverDuid = unlessBroken(() => new Message6(payload).serverId);
          return serverDuid === undefined ? service : { ...service, serverDuid };
        },
        addresses: [CLIENT],
      },
      config,
    ),
};

function withoutFile(config: Dhcp6Config): Dhcp6Config {
  return { ...config, "lease-database": { ...config["lease-database"], type: "memfile", persist: false } };
}
