/** Leases of DHCPv6 in dhcpd's file. */
import { formatHex } from "@kotare/core/base/hex";
import type { ForeignLease, ForeignLeases } from "@kotare/core/daemon/offline/converter";
import { formatIpv6Key, type Ipv6Key, parseIpv6Key, toIpv6 } from "@kotare/core/ip/ipv6-key";
import { expiryOf, INFINITE_LIFETIME, LeaseState } from "@kotare/core/leases/model/lease";
import { HwaddrSource, type Lease6, LeaseType6 } from "@kotare/core/leases/model/lease6";
import { type Clause, keywordOf, rawOf } from "../dhcpd/clause.ts";
import { is } from "../dhcpd/token.ts";
import { readDnsmasqLeases6, writeDnsmasqLeases6 } from "../dnsmasq/dnsmasq-leases6.ts";
import { blocksOf, find, formatNames, formatText, formatTime, namesIn, octets, time } from "./lease-blocks.ts";
import { tellServerDuid } from "./server-duid.ts";

const PROBATION = 86_400;

export const leases6: ForeignLeases<Lease6> = {
  *read(server, file, reports) {
    if (server === "dnsmasq") {
      yield* readDnsmasqLeases6(file, reports);
      return;
    }
    const tell = (what: string) => reports.remark(what);
    let isBigEndian = false;
    for (const clause of blocksOf(file, reports)) {
      const keyword = keywordOf(clause);
      if (clause.fault !== undefined) tell(`${file}: a part of it cannot be read: ${clause.fault}`);
      else if (keyword === "authoring-byte-order") isBigEndian = is(clause.head[1], "big-endian");
      else if (keyword === "server-duid") tellServerDuid(octets(clause.head.slice(1)), reports);
      else if (/^ia[-_](na|pd)$/.test(keyword)) yield* readAssociation(clause, isBigEndian, tell);
      else if (/^ia[-_]ta$/.test(keyword)) tell("temporary addresses are left out: clients make new ones");
    }
  },
  write: (server, leases, duid) => (server === "dhcpd" ? writeLeases(leases, duid) : writeDnsmasqLeases6(leases, duid)),
};

function* readAssociation(
  { head, block = [] }: Clause,
  isBigEndian: boolean,
  tell: (what: string) => void,
): Generator<ForeignLease<Lease6>> {
  const isPrefix = is(head[0], "ia-pd") || is(head[0], "ia_pd");
  const key = Buffer.from(octets(head.slice(1)));
  if (key.length < 5) {
    tell(`${rawOf(head)} has no DUID`);
    return;
  }
  const iaid = isBigEndian ? key.readUInt32BE(0) : key.readUInt32LE(0);
  const duid = key.subarray(4);
  const cltt = time(block, "cltt");
  for (const { head: member, block: inside = [] } of block) {
    if (!is(member[0], isPrefix ? "iaprefix" : "iaaddr")) continue;
    const [text = "", length = "128"] = rawOf(member.slice(1)).split("/");
    const address = parseIpv6Key(text);
    const ends = time(inside, "ends");
    if (address === undefined || ends === undefined || cltt === undefined) {
      tell(`${rawOf(member)} has no address, or no times`);
      continue;
    }
    const state = rawOf(find(inside, "binding", "state") ?? []);
    const isAbandoned = state === "abandoned";
    const isActive = state === "active";
    const given = Number(find(inside, "max-life")?.[0]?.text);
    const isEndless = ends === Number.POSITIVE_INFINITY || given === INFINITE_LIFETIME;
    const validLifetime = isAbandoned ? PROBATION : isEndless ? INFINITE_LIFETIME : given || Math.max(1, ends - cltt);
    const lease: Lease6 = {
      type: isPrefix ? LeaseType6.prefix : LeaseType6.address,
      address,
      prefixLength: Number(length),
      duid: isAbandoned ? new Uint8Array() : duid,
      iaid: isAbandoned ? 0 : iaid,
      preferredLifetime: Number(find(inside, "preferred-life")?.[0]?.text) || 0,
      // The lease ends when dhcpd says so.
      validLifetime,
      cltt: isEndless || isAbandoned ? cltt : ends - validLifetime,
      subnetId: 0,
      poolId: 0,
      state: isAbandoned ? LeaseState.declined : isActive ? LeaseState.assigned : LeaseState.reclaimed,
      hwaddr: new Uint8Array(),
      hwtype: 0,
      hwaddrSource: HwaddrSource.unknown,
      ...(isActive ? namesIn(inside) : { hostname: "", fqdnFwd: false, fqdnRev: false }),
      userContext: "",
    };
    yield { lease, isSomebodys: true };
  }
}

async function* writeLeases(
  pages: AsyncIterable<readonly Lease6[]>,
  duid: Uint8Array | undefined,
): AsyncGenerator<string> {
  yield "authoring-byte-order little-endian;\n";
  if (duid !== undefined) yield `server-duid ${formatText(duid)};\n`;
  for await (const leases of pages) yield leases.map(formatLease).join("");
}

function formatLease(lease: Lease6): string {
  const { state, type, iaid, duid, validLifetime, preferredLifetime } = lease;
  const binding = state === LeaseState.assigned ? "active" : state === LeaseState.declined ? "abandoned" : "expired";
  const key = Buffer.alloc(4);
  key.writeUInt32LE(iaid);
  const isPrefix = type === LeaseType6.prefix;
  const member = isPrefix
    ? `iaprefix ${formatIpv6Key(lease.address)}/${lease.prefixLength}`
    : `iaaddr ${formatIpv6Key(lease.address)}`;
  const lines = formatNames(lease, `${digitsOf(lease.address)}.ip6.arpa.`).map((line) => `    ${line};\n`);
  return `${isPrefix ? "ia-pd" : "ia-na"} ${formatText(Buffer.concat([key, duid]))} {
  cltt ${formatTime(lease.cltt)};
  ${member} {
    binding state ${binding};
    preferred-life ${preferredLifetime};
    max-life ${validLifetime};
    ends ${formatTime(expiryOf(lease))};
${lines.join("")}  }
}
`;
}

/** As the DNS has them, the last one first. */
function digitsOf(address: Ipv6Key): string {
  return [...formatHex(toIpv6(address), "")].reverse().join(".");
}
