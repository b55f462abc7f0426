/** Every field of a DHCPv6 answer under a name of its own. */
import { u32 } from "@kotare/testkit/payloads";
import { formatIpv6 } from "../../wire/ipv6-text.ts";
import type { Option } from "../../wire/message4.ts";
import { decodeOptions6 } from "../../wire/message6.ts";
import type { Answer6 } from "../../wire/probe6.ts";
import type { Fields } from "../speech.ts";

export function fieldsOf6({ frame, message }: Answer6): Fields {
  const fields: Record<string, string> = {
    "frame.destinationMac": frame.destinationMac,
    "frame.source": `[${frame.source}]:${frame.sourcePort}`,
    "frame.destination": `[${frame.destination}]:${frame.destinationPort}`,
    type: String(message.type),
    xid: message.xid.toString(16),
  };
  for (const [i, { type, hops, link, peer, options }] of message.relays.entries()) {
    fields[`relay ${i}`] = `type ${type}, ${hops} hops, link ${link}, peer ${peer}`;
    addOptions(fields, `relay ${i} `, options);
  }
  addOptions(fields, "", message.options);
  return fields;
}

function addOptions(fields: Record<string, string>, within: string, options: readonly Option[]): void {
  const add = (name: string, value: string): void => {
    // The second one of a name is another field than the first.
    let free = within + name;
    for (let i = 2; free in fields; i++) free = `${within}${name} #${i}`;
    fields[free] = value;
  };
  fields[`${within}order`] = [...new Set(options.map(([code]) => code))].join(" ");
  for (const [code, value] of options) {
    const bytes = Buffer.from(value);
    switch (code) {
      case 3:
      case 25: {
        const name = `${code === 3 ? "IA_NA" : "IA_PD"} ${bytes.readUInt32BE()}`;
        add(name, `T1 ${bytes.readUInt32BE(4)}, T2 ${bytes.readUInt32BE(8)}`);
        addOptions(fields, `${within}${name} `, decodeOptions6(value.subarray(12)));
        break;
      }
      case 5:
        addLease(formatIpv6(value), bytes.readUInt32BE(16), bytes.readUInt32BE(20), value.subarray(24));
        break;
      case 26:
        addLease(
          `${formatIpv6(value.subarray(9))}/${value[8]}`,
          bytes.readUInt32BE(0),
          bytes.readUInt32BE(4),
          value.subarray(25),
        );
        break;
      case 13:
        // The text is for people (RFC 8415 §21.13).
        add("status", String(bytes.readUInt16BE()));
        break;
      case 45:
        add("client data", "");
        addOptions(fields, `${within}client data `, asOfTheRenewal(decodeOptions6(value)));
        break;
      case 17:
        add(`vendor ${bytes.readUInt32BE()}`, "");
        addOptions(fields, `${within}vendor ${bytes.readUInt32BE()} `, decodeOptions6(value.subarray(4)));
        break;
      default:
        add(`option ${code}`, bytes.toString("hex"));
    }
  }

  function addLease(name: string, preferred: number, valid: number, inner: Uint8Array): void {
    add(name, `preferred ${preferred}, valid ${valid}`);
    addOptions(fields, `${within}${name} `, decodeOptions6(inner));
  }
}

/** What a leasequery tells of a client, with whole lifetimes: what is left of them is another number every second. */
function asOfTheRenewal(options: readonly Option[]): Option[] {
  const elapsed = Buffer.from(options.find(([code]) => code === 46)?.[1] ?? u32(0)).readUInt32BE();
  return options.map(([code, value]) => {
    if (code === 46) return [code, u32(0)];
    const at = code === 5 ? 16 : code === 26 ? 0 : undefined;
    if (at === undefined) return [code, value];
    const bytes = Buffer.from(value);
    for (const each of [at, at + 4]) bytes.writeUInt32BE(bytes.readUInt32BE(each) + elapsed, each);
    return [code, bytes];
  });
}
