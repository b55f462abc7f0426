/** Asks Kea and us for leases by TCP, and compares what is told. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { QueryConnection } from "@kotare/testkit/query-connection";
import { readMessage4 } from "@kotare/testkit/read-message4";
import { type Host, Lab, run } from "../../lab/lab.ts";
import { leaseFile, Server, type Subject } from "../../subject/server.ts";
import { decodeMessage6 } from "../../wire/message6.ts";
import { fieldsOf6 } from "../dhcp6/fields.ts";
import { bulkQueries, configs, leaseRows } from "./queries.ts";

/** By what was asked: what was told, a message each. */
export type Told = Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;

const ENDS = {
  4: { server: "192.88.99.1", requester: "192.88.99.250", length: 24, port: 67 },
  6: { server: "2001:db8:9999::1", requester: "2001:db8:9999::250", length: 64, port: 547 },
} as const;

/** Both families, one after the other subject: all want the same addresses. */
export async function tellAll(subject: Subject): Promise<Readonly<Record<4 | 6, Told>>> {
  await using lab = new Lab();
  const network = lab.network();
  const host = lab.host("server", { ipv6: true });
  for (const { requester, length } of [ENDS[4], ENDS[6]]) {
    run("ip", "address", "add", `${requester}/${length}`, "dev", network.bridge, ...(length === 64 ? ["nodad"] : []));
  }
  host.attach(network, "eth0", `${ENDS[4].server}/${ENDS[4].length}`);
  host.ip("address", "add", `${ENDS[6].server}/${ENDS[6].length}`, "dev", "eth0", "nodad");
  const [four, six] = await Promise.all(([4, 6] as const).map((family) => tell(subject, host, lab, family)));
  return { 4: four!, 6: six! };
}

async function tell(subject: Subject, host: Host, lab: Lab, family: 4 | 6): Promise<Told> {
  const { server, requester, port } = ENDS[family];
  const folder = join(lab.folder, `server${family}`);
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  writeFileSync(leaseFile({ folder, family }), `${leaseRows[family]}\n`);
  const advanced = { "bulk-query-enabled": true, "lease-query-ip": server, "lease-query-tcp-port": port };
  const library = { library: "libdhcp_lease_query.so", parameters: { requesters: [requester], advanced } };
  const config = { ...configs[family], "store-extended-info": true, "hooks-libraries": [library] };
  await Server.start(subject, host, config, { family, folder });
  const told: Record<string, Told[string]> = {};
  // One after the other: Kea has ten connections at a time.
  for (const [about, query] of Object.entries(bulkQueries[family])) {
    using connection = await QueryConnection.open(server, port, requester);
    connection.send(query);
    const messages = await connection.until((message) => isLast(family, message));
    told[about] = messages.map(family === 4 ? fields4 : fields6);
  }
  return told;
}

function isLast(family: 4 | 6, message: Buffer): boolean {
  if (family === 4) return readMessage4(message).option(53)![0] === 15;
  const { type, options } = decodeMessage6(message);
  return type === 16 || (type === 15 && !options.some(([code]) => code === 45));
}

/** Times as of the last renewal. */
function fields4(message: Buffer): Readonly<Record<string, string>> {
  const told = readMessage4(message);
  const elapsed = told.u32(91) ?? 0;
  const option = (code: number) => Buffer.from(told.option(code)!).toString("hex");
  const value = (code: number): string => {
    if ([51, 58, 59].includes(code)) return String(told.u32(code)! + elapsed);
    if ([91, 152].includes(code)) return "then";
    // The text behind a status is for people.
    return code === 151 ? option(code).slice(0, 2) : option(code);
  };
  return {
    head: `${told.op} ${told.htype} ${told.hlen} ${told.chaddr} ${told.xid} ${told.ciaddr} ${told.yiaddr} ${told.giaddr}`,
    ...Object.fromEntries(told.codes.map((code) => [`option ${code}`, value(code)])),
  };
}

function fields6(bytes: Buffer): Readonly<Record<string, string>> {
  const frame = { destinationMac: "", source: "", sourcePort: 0, destination: "", destinationPort: 0 };
  return fieldsOf6({ frame: frame as never, message: decodeMessage6(bytes) });
}
