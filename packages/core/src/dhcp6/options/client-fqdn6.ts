/** Option 39: the client's name and who puts it into the DNS (RFC 4704). */
import { fqdn } from "../../wire/domain-name.ts";
import type { OptionType } from "../../wire/option-type.ts";
import { decodePartialName, keaFlags, keaName, writePartialName } from "../../wire/partial-name.ts";
import { uint8 } from "../../wire/scalar-types.ts";
import { escapeField, TextError } from "../../wire/text-fields.ts";

/** RFC 4704 §4.1. The other five bits must be zero when sent and are ignored when received. */
export const FqdnFlag6 = {
  /** S: the server does (or shall do) the AAAA record. */
  serverUpdates: 1,
  /** O: the server has overridden the client's S. */
  overridden: 2,
  /** N: the server does no updates at all. */
  noUpdates: 4,
} as const;

export interface ClientFqdn6 {
  /** `FqdnFlag6` bits. */
  readonly flags: number;
  /** RFC 1035 text; ends in a dot when fully qualified; "" when the client wants to be given a name. */
  readonly name: string;
}

const NAMED_FLAGS = 0x07;

export const clientFqdn6: OptionType<ClientFqdn6> = {
  label: "record (uint8, fqdn)",
  decode(reader) {
    const flags = reader.u8("FQDN flags") & NAMED_FLAGS;
    // RFC 4704 §4.1: a client that wants no updates cannot want one from the server.
    if (isContradiction(flags)) reader.fail("FQDN flags", "N and S are both set");
    const at = reader.offset;
    return { flags, name: decodePartialName(reader.rest(), at) };
  },
  encode: ({ flags, name }, writer) => writePartialName(name, writer.u8(flags)),
  /** As in Kea, a name in a configuration is fully qualified with or without its last dot. */
  parse(fields) {
    const flags = uint8.parse(fields) & NAMED_FLAGS;
    if (isContradiction(flags)) throw new TextError(`flags ${flags} set both N (4) and S (1): leave one out`);
    return { flags, name: fqdn.parse(fields) };
  },
  format: ({ flags, name }) => [flags, ...(name === "" ? [] : [escapeField(name)])].join(", "),
  kea: {
    line({ flags, name }, { code }) {
      const { noUpdates: N, overridden: O, serverUpdates: S } = FqdnFlag6;
      return `type=${code}(CLIENT_FQDN), flags: (${keaFlags(flags, { N, O, S })}), ${keaName(name)}`;
    },
  },
};

function isContradiction(flags: number): boolean {
  return (flags & FqdnFlag6.noUpdates) !== 0 && (flags & FqdnFlag6.serverUpdates) !== 0;
}
