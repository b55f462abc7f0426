/** Option 121: routes with their own prefix lengths (RFC 3442). */
import {
  formatIpv4,
  formatIpv4Prefix,
  type Ipv4,
  type Ipv4Prefix,
  netmask,
  parseIpv4,
  parseIpv4Prefix,
} from "../../ip/ipv4.ts";
import { list, type OptionType } from "../../wire/option-type.ts";
import { TextError } from "../../wire/text-fields.ts";

export interface ClasslessRoute {
  readonly destination: Ipv4Prefix;
  /** 0.0.0.0: the destination is on the link itself. */
  readonly router: Ipv4;
}

/** The prefix length, as many bytes of the prefix as it needs, the router. */
const route: OptionType<ClasslessRoute> = {
  label: "route",
  decode(reader) {
    const length = reader.u8("prefix length");
    if (length > 32) reader.fail("prefix length", `is ${length}, expected at most 32`);
    let address = 0;
    for (const [i, byte] of reader.bytes(Math.ceil(length / 8), "destination").entries())
      address |= byte << (24 - 8 * i);
    // RFC 3442: bits beyond the mask must not matter to who reads them.
    return { destination: { address: (address & netmask(length)) >>> 0, length }, router: reader.u32("router") };
  },
  encode({ destination, router }, writer) {
    writer.u8(destination.length);
    for (let i = 0; i < Math.ceil(destination.length / 8); i++) writer.u8((destination.address >>> (24 - 8 * i)) & 255);
    writer.u32(router);
  },
  parse(fields) {
    const field = fields.next("a route");
    const parts = /^(\S+?)\s*-\s*(\S+)$/.exec(field);
    if (parts === null) throw new TextError(`"${field}" is not a route: expected e.g. 192.0.2.0/25 - 198.51.100.1`);
    const destination = parseIpv4Prefix(parts[1]!);
    if (destination === undefined) throw new TextError(`"${parts[1]}" is not a prefix: expected e.g. 192.0.2.0/25`);
    const router = parseIpv4(parts[2]!);
    if (router === undefined) throw new TextError(`"${parts[2]}" is not a router's IPv4 address`);
    return { destination, router };
  },
  format: ({ destination, router }) => `${formatIpv4Prefix(destination)} - ${formatIpv4(router)}`,
};

export const classlessRoutes: OptionType<readonly ClasslessRoute[]> = {
  ...list(route),
  label: "internal",
  kea: {
    line(routes, { code, length }) {
      const texts = routes.map(({ destination, router }, i) => {
        return `, Route ${i + 1} (subnet ${formatIpv4Prefix(destination)}, router IP ${formatIpv4(router)})`;
      });
      return `type=${code}(CLASSLESS_STATIC_ROUTE), len=${length}${texts.join("")}`;
    },
  },
};
