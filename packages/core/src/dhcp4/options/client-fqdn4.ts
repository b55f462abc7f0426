/** Option 81: the client's name and who puts it into the DNS (RFC 4702). */
import { latin1 } from "../../base/bytes.ts";
import { checkLabels, formatLabels, parseLabels } from "../../wire/domain-name.ts";
import type { OptionType } from "../../wire/option-type.ts";
import { decodePartialName, isQualified, keaFlags, keaName, writePartialName } from "../../wire/partial-name.ts";
import type { Reader } from "../../wire/reader.ts";
import { uint8 } from "../../wire/scalar-types.ts";
import { escapeField, TextError } from "../../wire/text-fields.ts";
import type { Writer } from "../../wire/writer.ts";

/** RFC 4702 §2.1. The other four bits must be zero when sent and are ignored when received. */
export const FqdnFlag4 = {
  /** S: the server does (or shall do) the A record. */
  serverUpdates: 1,
  /** O: the server has overridden the client's S. */
  overridden: 2,
  /** E: the name is in canonical wire format, else in ASCII. */
  canonical: 4,
  /** N: the server does no updates at all. */
  noUpdates: 8,
} as const;

export interface ClientFqdn4 {
  /** `FqdnFlag4` bits. */
  readonly flags: number;
  /** Deprecated by RFC 4702 §2.2: clients send 0, servers 255. */
  readonly rcode1: number;
  readonly rcode2: number;
  /** RFC 1035 text; ends in a dot when fully qualified; "" when the client wants to be given a name. */
  readonly name: string;
}

const NAMED_FLAGS = 0x0f;

/** RFC 4702 §2.3.1: deprecated, still what old clients send. */
function decodeAscii(bytes: Uint8Array, reader: Reader): string {
  // Some clients end the text with a NUL, which is no part of it.
  const text = latin1(bytes).replace(/\0+$/, "");
  if (text === "" || text === ".") return text;
  const labels = text
    .replace(/\.$/, "")
    .split(".")
    .map((label) => Buffer.from(label, "latin1"));
  const fault = checkLabels(labels);
  if (fault !== undefined) reader.fail("FQDN domain name", fault);
  const name = formatLabels(labels);
  return text.endsWith(".") ? name : name.slice(0, -1);
}

function writeAscii(name: string, writer: Writer): void {
  if (name === "") return;
  for (const [i, label] of parseLabels(name).entries()) {
    if (i > 0) writer.u8(0x2e);
    writer.bytes(label);
  }
  if (isQualified(name)) writer.u8(0x2e);
}

export const clientFqdn4: OptionType<ClientFqdn4> = {
  label: "record (uint8, uint8, uint8, fqdn)",
  decode(reader) {
    const flags = reader.u8("FQDN flags") & NAMED_FLAGS;
    // RFC 4702 §2.1: a client that wants no updates cannot want one from the server.
    if (flags & FqdnFlag4.noUpdates && flags & FqdnFlag4.serverUpdates)
      reader.fail("FQDN flags", "N and S are both set");
    const rcode1 = reader.u8("FQDN RCODE1");
    const rcode2 = reader.u8("FQDN RCODE2");
    const bytes = reader.rest();
    const name =
      flags & FqdnFlag4.canonical ? decodePartialName(bytes, reader.offset - bytes.length) : decodeAscii(bytes, reader);
    return { flags, rcode1, rcode2, name };
  },
  encode({ flags, rcode1, rcode2, name }, writer) {
    writer.u8(flags).u8(rcode1).u8(rcode2);
    if (flags & FqdnFlag4.canonical) writePartialName(name, writer);
    else writeAscii(name, writer);
  },
  parse(fields) {
    const flags = uint8.parse(fields) & NAMED_FLAGS;
    if (flags & FqdnFlag4.noUpdates && flags & FqdnFlag4.serverUpdates) {
      throw new TextError(`flags ${flags} set both N (8) and S (1): leave one out`);
    }
    const rcode1 = uint8.parse(fields);
    const rcode2 = uint8.parse(fields);
    const text = fields.remaining > 0 ? fields.next("a domain name") : "";
    const name = text === "" ? "" : formatLabels(parseLabels(text));
    return { flags, rcode1, rcode2, name: name === "" || isQualified(text) ? name : name.slice(0, -1) };
  },
  format: ({ flags, rcode1, rcode2, name }) =>
    [flags, rcode1, rcode2, ...(name === "" ? [] : [escapeField(name)])].join(", "),
  kea: {
    line({ flags, name }, { code }) {
      const { noUpdates: N, canonical: E, overridden: O, serverUpdates: S } = FqdnFlag4;
      return `type=${code} (CLIENT_FQDN), flags: (${keaFlags(flags, { N, E, O, S })}), ${keaName(name)}`;
    },
  },
};
