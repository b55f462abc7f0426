/** Sends the same commands to Kea and to us, on servers with the same configuration, and compares what they answer. */
import { join } from "node:path";
import { Lab } from "../../lab/lab.ts";
import { sendCommand } from "../../subject/command.ts";
import { hooksOf, type Kea } from "../../subject/kea.ts";
import { type DhcpConfig, type Family, Server, type Subject } from "../../subject/server.ts";
import { compareJson } from "../compare-json.ts";
import type { Placement } from "../run.ts";
import type { Call } from "./call.ts";
import { httpSockets, sendByHttp } from "./http-sockets.ts";

/** Calls to one server, one after the other. */
export interface Conversation {
  readonly family: Family;
  readonly title: string;
  readonly calls: readonly Call[];
  /** What else stands in the configuration. */
  readonly config?: DhcpConfig;
  /** By HTTP with a login, of Kea since 2.7, instead of by a UNIX socket. */
  readonly byHttp?: boolean;
  /** What each subject is started with beside that. */
  readonly placed?: (subject: Subject) => Placement;
}

/** Where an answer differs. */
export interface AnswerFinding {
  readonly calls: string;
  readonly line: string;
  /** The way to what differs: `arguments.leases[0].pool-id`. */
  readonly path: string;
  readonly kea: string;
  readonly kotare: string;
}

const configs: Readonly<Record<Family, DhcpConfig>> = {
  4: {
    subnet4: [
      { id: 44, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.99" }] },
      { id: 88, subnet: "198.51.100.0/24", pools: [{ pool: "198.51.100.10-198.51.100.20", "pool-id": 7 }] },
      { id: 90, subnet: "203.0.113.0/24" },
    ],
  },
  6: {
    subnet6: [
      {
        id: 66,
        subnet: "2001:db8:1::/64",
        pools: [{ pool: "2001:db8:1::10-2001:db8:1::99" }],
        "pd-pools": [{ prefix: "2001:db8:100::", "prefix-len": 40, "delegated-len": 56 }],
      },
      { id: 77, subnet: "2001:db8:2::/64", pools: [{ pool: "2001:db8:2::/80", "pool-id": 3 }] },
    ],
  },
};

/** @returns the answers, in order */
async function play(subject: Subject, conversation: Conversation): Promise<unknown[]> {
  const { family, calls, config, byHttp = false } = conversation;
  const placed = conversation.placed?.(subject);
  await using lab = new Lab();
  const host = lab.host("server", { ipv6: true });
  host.attach(lab.network(), "eth0", family === 4 ? "192.0.2.1/24" : "2001:db8:1::1/64");
  const folder = join(lab.folder, "server");
  const socket = join(folder, "socket");
  const unix = { "control-socket": { "socket-type": "unix", "socket-name": socket } };
  await Server.start(
    subject,
    host,
    {
      ...(byHttp ? { "control-sockets": httpSockets[family] } : unix),
      "hooks-libraries": [{ library: "libdhcp_lease_cmds.so" }, { library: "libdhcp_stat_cmds.so" }],
      "multi-threading": { "enable-multi-threading": false },
      "expired-leases-processing": { "reclaim-timer-wait-time": 0 },
      ...configs[family],
      ...config,
      ...placed?.config,
    },
    { family, folder, under: placed?.under ?? [] },
  );
  const answers: unknown[] = [];
  for (const { command, args } of calls) {
    const text = await (byHttp ? sendByHttp(host, family, command, args) : sendCommand(socket, command, args));
    // Where the files of a run are differs from run to run, and Kea tells where it has its hooks from.
    const hooks = subject === "kotare" ? "" : `${hooksOf(subject)}/`;
    answers.push(JSON.parse(text.replaceAll(lab.folder, "/lab").replaceAll(hooks, "")));
  }
  return answers;
}

/** @returns where the answers differ */
export async function compareCalls(kea: Kea, conversation: Conversation): Promise<AnswerFinding[]> {
  const { title, calls } = conversation;
  const [theirs, ours] = await Promise.all([kea, "kotare" as const].map((each) => play(each, conversation)));
  return calls.flatMap((call, i) => compareAnswers(title, call, theirs![i], ours![i]));
}

/** @param title of the calls @returns where the answers to one differ */
export function compareAnswers(title: string, { line, command }: Call, kea: unknown, kotare: unknown): AnswerFinding[] {
  const differences = compareJson(comparable(kea, command), comparable(kotare, command), VARIES);
  return [...differences].map((difference) => ({ calls: title, line, ...difference }));
}

/** What counts of an answer. */
function comparable(answer: unknown, command: string): unknown {
  const { result, arguments: found, ...more } = answer as { result: number; arguments?: unknown };
  // Of wrong arguments each says in its own words what is wrong.
  if (result === 1) return { result };
  return { result, ...more, arguments: comparableArguments(found, command) };
}

function comparableArguments(found: unknown, command: string): unknown {
  if (found === undefined) return undefined;
  if (command === "list-commands") return Object.fromEntries((found as string[]).map((name) => [name, true]));
  // Histories of their own compare the values.
  if (command.startsWith("statistic-get")) {
    return Object.fromEntries(Object.entries(found as object).map(([name, samples]) => [name, isSamples(samples)]));
  }
  // A page is in the order of the addresses, other lists of leases in any.
  if (/^lease[46]-get-(all|by-.*)$/.test(command)) {
    const { leases } = found as { leases: { "ip-address": string }[] };
    return { leases: leases.sort((a, b) => (a["ip-address"] < b["ip-address"] ? -1 : 1)) };
  }
  return found;
}

function isSamples(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => Array.isArray(each) && typeof each[1] === "string");
}

/** What differs between two runs of one server, too: it need only be there, and of the same type. */
const VARIES = /(^|\.)(cltt|timestamp|date-time|pid|uptime|reload|age|hash|extended|size)$/;
