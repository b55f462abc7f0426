/** Explains DHCPv4 messages without a server that runs. */
import { readU16 } from "@kotare/core/base/big-endian";
import { systemClock } from "@kotare/core/base/clock";
import { DecodeError } from "@kotare/core/base/decode-error";
import type { Dhcp4Config } from "@kotare/core/config/dhcp4-config";
import type { Explainer } from "@kotare/core/daemon/offline/explainer";
import { daemonPaths } from "@kotare/core/daemon/paths";
import { describeMessage4 } from "@kotare/core/dhcp4/describe-message4";
import { BOOTREQUEST, Message4 } from "@kotare/core/dhcp4/message4";
import { formatIpv4 } from "@kotare/core/ip/ipv4";
import { muteLog } from "@kotare/core/log/mute-log";
import { openOfflineServer } from "@kotare/core/server/explain/offline-server";
import { interfaceRules4 } from "@kotare/core/server/interfaces/interface-rules4";
import { openLeaseFile4 } from "@kotare/core/server/leases/open-lease-file";
import { decodeFrame4 } from "@kotare/netio/frames/frame4";
import { packetPath4 } from "../path/packet-path4.ts";
import { beginHosts4, compileService4 } from "../path/service4.ts";
import { server4 } from "../report/messages4.ts";
import { explainRules4 } from "./explain-rules4.ts";
import { makeMessage4, TYPES4 } from "./make-message4.ts";

const PORTS = { server: 67, client: 68 };
/** So many bytes before its payload a datagram has its destination port. */
const PORT_BEFORE = 6;

export const explainer4: Explainer<Dhcp4Config> = {
  types: TYPES4,
  makeMessage: makeMessage4,
  findMessage(frame) {
    const fields = { offset: 0, length: 0, source: 0, sourcePort: 0, destination: 0, macOffset: 0 };
    // Captures of a host's own packets have checksums that its hardware was to fill in.
    if (decodeFrame4(frame, 0, frame.length, false, fields) !== "datagram") return undefined;
    const { offset, length, source, sourcePort, destination, macOffset } = fields;
    const payload = frame.subarray(offset, offset + length);
    // A datagram to another port may begin with anything.
    if (readU16(frame, offset - PORT_BEFORE) !== PORTS.server || payload[0] !== BOOTREQUEST) return undefined;
    const mac = frame.subarray(macOffset, macOffset + 6);
    return { payload, source: formatIpv4(source), sourcePort, destination: formatIpv4(destination), mac };
  },
  nameMessage(payload) {
    try {
      return describeMessage4(new Message4(payload)).split(" ", 2).join(" ");
    } catch (error) {
      if (error instanceof DecodeError) return error.message;
      throw error;
    }
  },
  open: (config) =>
    openOfflineServer(
      {
        rules: explainRules4,
        interfaceRules: interfaceRules4,
        path: packetPath4(PORTS),
        openStore: (given) =>
          openLeaseFile4(withoutFile(given), {
            paths: daemonPaths(process.env),
            clock: systemClock,
            log: muteLog(),
            messages: server4,
            signal: new AbortController().signal,
          }),
        compile: compileService4,
        beginHosts: beginHosts4,
        serviceFor: (service) => service,
        addresses: [],
      },
      config,
    ),
};

function withoutFile(config: Dhcp4Config): Dhcp4Config {
  return { ...config, "lease-database": { ...config["lease-database"], type: "memfile", persist: false } };
}
