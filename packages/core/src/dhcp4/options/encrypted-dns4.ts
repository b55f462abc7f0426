/** Option 162: encrypted DNS resolvers (RFC 9463 §5), several in one option. */

import type { Ipv4 } from "../../ip/ipv4.ts";
import { type EncryptedDnsResolver, encryptedDnsResolver } from "../../options/encrypted-dns.ts";
import { keaField, list, type OptionType } from "../../wire/option-type.ts";
import { Reader } from "../../wire/reader.ts";
import { ipv4Address } from "../../wire/scalar-types.ts";
import { TextError, TextFields } from "../../wire/text-fields.ts";
import { Writer } from "../../wire/writer.ts";

const body = encryptedDnsResolver(1, ipv4Address, 4);

/** A resolver behind its length. */
const resolver: OptionType<EncryptedDnsResolver<Ipv4>> = {
  ...body,
  decode(outer) {
    const length = outer.u16("resolver length");
    const start = outer.offset;
    return body.decode(new Reader(outer.bytes(length, "resolver"), "resolver", start));
  },
  encode(value, writer) {
    const bytes = new Writer();
    body.encode(value, bytes);
    writer.u16(bytes.length).bytes(bytes.take());
  },
};

/** Resolvers in text are separated by `|`, which `\|` puts into a field. */
export const encryptedDns4: OptionType<readonly EncryptedDnsResolver<Ipv4>[]> = {
  ...list(resolver),
  label: "internal",
  parse(fields) {
    const texts = fields.whole().match(/([^\\|]|\\.|\\$)+/gs) ?? [];
    if (texts.length === 0) throw new TextError("a resolver is missing: expected priority, name");
    return texts.map((text) => resolver.parse(new TextFields(text.replaceAll("\\|", "|"))));
  },
  format: (values) => values.map((value) => resolver.format(value).replaceAll("|", "\\|")).join(" | "),
  kea: {
    line(values, { code, length }) {
      const texts = values.map((value, i) => {
        const bytes = new Writer();
        body.encode(value, bytes);
        return `, DNR Instance ${i + 1}(Instance len=${bytes.length}, ${keaField(body, value)})`;
      });
      return `type=${code}(V4_DNR), len=${length}${texts.join("")}`;
    },
  },
};
