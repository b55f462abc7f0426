/** Option 144: an encrypted DNS resolver (RFC 9463 §4.1). */

import type { Ipv6 } from "../../ip/ipv6.ts";
import { type EncryptedDnsResolver, encryptedDnsResolver } from "../../options/encrypted-dns.ts";
import { keaField, type OptionType } from "../../wire/option-type.ts";
import { ipv6Address } from "../../wire/scalar-types.ts";
import { TextFields } from "../../wire/text-fields.ts";

const resolver = encryptedDnsResolver(2, ipv6Address, 16);

/** `\|` is a `|`, as in the text of DHCPv4's option, where a bare one separates resolvers. */
export const encryptedDns6: OptionType<EncryptedDnsResolver<Ipv6>> = {
  ...resolver,
  parse: (fields) => resolver.parse(new TextFields(fields.whole().replaceAll("\\|", "|"))),
  kea: {
    line: (value, { code, length }) => `type=${code}(V6_DNR), len=${length}, ${keaField(resolver, value)}`,
  },
};
