/** DHCPv4's stage: one server on a switch with the clients and relays. */
import { buildMessage4 } from "@kotare/testkit/build-message4";
import { formatMac } from "@kotare/testkit/payloads";
import { decodeMessage4, type Message4, MessageType4, typeOf } from "../../wire/message4.ts";
import { encodeQuery4, Probe4, type Query4, type Route4 } from "../../wire/probe4.ts";
import type { Exchange, Scene } from "../scene.ts";
import type { Script } from "../script.ts";
import type { Fields, Stage } from "../speech.ts";
import { SERVER } from "./lan.ts";

export interface Speech4 {
  query: Query4;
  route: Route4;
  message: Message4;
}

export type Exchange4 = Exchange<Speech4>;
export type Scene4 = Scene<Speech4>;
export type Script4 = Script<Speech4>;

export const stage4: Stage<Speech4> = {
  family: 4,
  config: {},
  silence: decodeMessage4(buildMessage4({})),
  plugIn(lab) {
    const network = lab.network();
    const server = lab.host("server");
    server.attach(network, "eth0", SERVER.prefix, SERVER.mac);
    const clients = lab.host("clients");
    clients.attach(network, "eth0");
    return { server, clients };
  },
  async open(clients) {
    const probe = await Probe4.open(clients, "eth0");
    return {
      send(query, xid, route, spoil = (payload) => payload) {
        const payload = encodeQuery4({ xid, ...query });
        probe.sendBytes(spoil(payload), { sourceMac: query.mac, ...route });
      },
      next: (timeout) => probe.next(timeout),
      [Symbol.dispose]: () => probe[Symbol.dispose](),
    };
  },
  fieldsOf({ frame, message }) {
    const fields: Record<string, string> = {
      "frame.destinationMac": frame.destinationMac,
      "frame.source": `${frame.source}:${frame.sourcePort}`,
      "frame.destination": `${frame.destination}:${frame.destinationPort}`,
      op: String(message.op),
      htype: String(message.htype),
      hlen: String(message.hlen),
      hops: String(message.hops),
      xid: message.xid.toString(16),
      secs: String(message.secs),
      flags: message.flags.toString(16),
      ciaddr: message.ciaddr,
      yiaddr: message.yiaddr,
      siaddr: message.siaddr,
      giaddr: message.giaddr,
      chaddr: formatMac(message.chaddr),
      sname: Buffer.from(message.sname).toString("latin1").replace(/\0+$/, ""),
      file: Buffer.from(message.file).toString("latin1").replace(/\0+$/, ""),
      ...optionFields(message),
      order: [...new Set(message.options.map(([code]) => code))].join(" "),
    };
    return fields;
  },
};

/** RFC 4388. */
const LEASEACTIVE = 13;

/** Time passes between a renewal and the question about its lease: times are shown as they were then. */
function countFromRenewal(fields: Record<string, string>): void {
  const elapsed = Number.parseInt(fields["option 91"] ?? "", 16);
  for (const name of ["option 51", "option 58", "option 59"]) {
    if (fields[name] !== undefined) fields[name] = String(Number.parseInt(fields[name], 16) + elapsed);
  }
  fields["option 91"] = "seconds since then";
}

function optionFields(message: Message4): Fields {
  const fields: Record<string, string> = {};
  const { options } = message;
  for (const [code, value] of options) {
    // Where a long option is split is nobody's business: its fragments are joined (RFC 3396 §7).
    fields[`option ${code}`] = (fields[`option ${code}`] ?? "") + Buffer.from(value).toString("hex");
  }
  if (typeOf(message) === LEASEACTIVE) countFromRenewal(fields);
  const { "option 56": reason, "option 81": fqdn, ...others } = fields;
  if (reason !== undefined) others[typeOf(message) === MessageType4.NAK ? "reason of the NAK" : "option 56"] = reason;
  if (fqdn !== undefined) {
    others["option 81"] = fqdn.slice(0, 2) + fqdn.slice(6);
    others["RCODEs of option 81"] = fqdn.slice(2, 6);
  }
  for (const code of [124, 125]) {
    const vendors = others[`option ${code}`];
    if (vendors === undefined) continue;
    delete others[`option ${code}`];
    for (const [enterprise, data] of readVendors(Buffer.from(vendors, "hex"))) {
      others[`option ${code} of ${enterprise}`] = data;
    }
  }
  return others;
}

/** In which order vendors stand is nobody's business (RFC 3925 §3, §4). */
function* readVendors(value: Buffer): Generator<[enterprise: number, data: string]> {
  for (let at = 0; at < value.length; at += 5 + value[at + 4]!) {
    yield [value.readUInt32BE(at), value.subarray(at + 5, at + 5 + value[at + 4]!).toString("hex")];
  }
}
