/** Leases of DHCPv4 in dhcpd's file. */
import { formatHex, parseHex } from "@kotare/core/base/hex";
import type { ForeignLease, ForeignLeases } from "@kotare/core/daemon/offline/converter";
import { formatIpv4, parseIpv4 } from "@kotare/core/ip/ipv4";
import { expiryOf, INFINITE_LIFETIME, LeaseState } from "@kotare/core/leases/model/lease";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { agentOptionsOf, withAgentOptions } from "@kotare/core/leases/user-context/agent-options4";
import { type Clause, keywordOf, rawOf } from "../dhcpd/clause.ts";
import { is } from "../dhcpd/token.ts";
import { readDnsmasqLeases4, writeDnsmasqLeases4 } from "../dnsmasq/dnsmasq-leases4.ts";
import { blocksOf, find, formatNames, formatText, formatTime, namesIn, octets, time } from "./lease-blocks.ts";

/** How long an address that dhcpd has abandoned stays out of use: Kea's `decline-probation-period`. */
const PROBATION = 86_400;

export const leases4: ForeignLeases<Lease4> = {
  *read(server, file, reports) {
    if (server === "dnsmasq") {
      yield* readDnsmasqLeases4(file, reports);
      return;
    }
    const tell = (what: string) => reports.remark(what);
    for (const clause of blocksOf(file, reports)) {
      if (clause.fault !== undefined) tell(`${file}: a part of it cannot be read: ${clause.fault}`);
      else if (keywordOf(clause) === "lease") {
        const found = readLease(clause, tell);
        if (found !== undefined) yield found;
      }
    }
  },
  write: (server, leases) => (server === "dhcpd" ? writeLeases(leases) : writeDnsmasqLeases4(leases)),
};

function readLease({ head, block = [] }: Clause, tell: (what: string) => void): ForeignLease<Lease4> | undefined {
  const address = parseIpv4(rawOf(head.slice(1)));
  const starts = time(block, "starts") ?? time(block, "cltt");
  const ends = time(block, "ends");
  if (address === undefined || starts === undefined || ends === undefined) {
    tell(`${rawOf(head)} has no address, or no times`);
    return undefined;
  }
  const words = find(block, "hardware");
  const hwaddr = parseHex(words === undefined ? "" : rawOf(words.slice(1))) ?? new Uint8Array();
  const uid = octets(find(block, "uid") ?? []);
  const state = rawOf(find(block, "binding", "state") ?? []);
  const isAbandoned = state === "abandoned";
  const isActive = state === "active" || state === "bootp";
  if (block.some((clause) => is(clause.head[0], "reserved"))) {
    const by = uid.length > 0 ? { "client-id": formatHex(uid) } : { "hw-address": formatHex(hwaddr) };
    const reservation = JSON.stringify({ ...by, "ip-address": formatIpv4(address) });
    tell(`${formatIpv4(address)} is reserved for its client, so give its subnet the reservation ${reservation}`);
  }
  const lifetime = ends === Number.POSITIVE_INFINITY ? INFINITE_LIFETIME : Math.max(1, ends - starts);
  const lease: Lease4 = {
    address,
    hwaddr: isAbandoned ? new Uint8Array() : hwaddr,
    clientId: uid.length === 0 || isAbandoned ? undefined : uid,
    validLifetime: isAbandoned ? PROBATION : lifetime,
    cltt: starts,
    subnetId: 0,
    poolId: 0,
    state: isAbandoned ? LeaseState.declined : isActive ? LeaseState.assigned : LeaseState.reclaimed,
    ...(isActive ? namesIn(block) : { hostname: "", fqdnFwd: false, fqdnRev: false }),
    userContext: agentOptions(block),
  };
  return { lease, isSomebodys: isAbandoned || hwaddr.length > 0 || uid.length > 0 };
}

const AGENT_OPTIONS: ReadonlyMap<string, number> = new Map([
  ["circuit-id", 1],
  ["remote-id", 2],
  ["agent-id", 3],
]);

/** What the relay said, as Kea keeps it. */
function agentOptions(block: readonly Clause[]): string {
  const bytes = block.flatMap(({ head }) => {
    if (!is(head[0], "option") || !is(head[1], "agent")) return [];
    const name = head[3]?.text ?? "";
    const code = AGENT_OPTIONS.get(name) ?? Number(/^unknown-(\d+)$/.exec(name)?.[1]);
    const value = octets(head.slice(4));
    return code > 0 && code < 256 ? [code, value.length, ...value] : [];
  });
  return bytes.length === 0 ? "" : withAgentOptions("", Uint8Array.from(bytes));
}

function formatAgentOptions({ userContext }: Lease4): string[] {
  const bytes = agentOptionsOf(userContext) ?? new Uint8Array();
  const names = new Map([...AGENT_OPTIONS].map(([name, code]) => [code, name]));
  const found: string[] = [];
  for (let at = 0; at + 1 < bytes.length; at += 2 + bytes[at + 1]!) {
    const value = bytes.subarray(at + 2, at + 2 + bytes[at + 1]!);
    found.push(`option agent.${names.get(bytes[at]!) ?? `unknown-${bytes[at]}`} ${formatText(value)}`);
  }
  return found;
}

async function* writeLeases(pages: AsyncIterable<readonly Lease4[]>): AsyncGenerator<string> {
  yield "authoring-byte-order little-endian;\n";
  for await (const leases of pages) yield leases.map(formatLease).join("");
}

function formatLease(lease: Lease4): string {
  const { state, hostname, hwaddr, clientId, fqdnFwd } = lease;
  const address = formatIpv4(lease.address);
  const binding = state === LeaseState.assigned ? "active" : state === LeaseState.declined ? "abandoned" : "free";
  const name = hostname.replace(/\.$/, "");
  const lines = [
    `starts ${formatTime(lease.cltt)}`,
    `ends ${formatTime(expiryOf(lease))}`,
    `cltt ${formatTime(lease.cltt)}`,
    `binding state ${binding}`,
    ...(binding === "active" ? ["next binding state free"] : []),
    ...(hwaddr.length > 0 ? [`hardware ethernet ${formatHex(hwaddr)}`] : []),
    ...(clientId === undefined ? [] : [`uid ${formatText(clientId)}`]),
    ...formatAgentOptions(lease),
    ...formatNames(lease, `${address.split(".").reverse().join(".")}.in-addr.arpa.`),
    ...(name === "" || fqdnFwd ? [] : [`client-hostname ${formatText(Buffer.from(name, "latin1"))}`]),
  ];
  return `lease ${address} {\n${lines.map((line) => `  ${line};\n`).join("")}}\n`;
}
