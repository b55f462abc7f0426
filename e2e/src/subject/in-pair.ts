/** A pair of servers and their clients on one network. */
import { join } from "node:path";
import { certify } from "../lab/certify.ts";
import { type Host, Lab, type Network } from "../lab/lab.ts";
import { otherClock } from "../lab/other-clock.ts";
import { inState, type PairMode, pairConfig, withSocket } from "./pair.ts";
import { type Family, Server, type Subject } from "./server.ts";

export interface Pair {
  readonly lab: Lab;
  readonly lan: Network;
  readonly clients: Host;
  /** Where the servers run. */
  readonly hosts: readonly [Host, Host];
  readonly primary: Server;
  /** The standby, or the secondary. */
  readonly other: Server;
  /** Theirs are in it, by their names; each has a control socket in its own. */
  readonly folder: string;
  /** Starts one of them anew, after its end; another daemon if given, with a lease file of its own. */
  start(name: "server1" | "server2", subject?: Subject): Promise<Server>;
}

export type Subjects = readonly [primary: Subject, other: Subject];

/** Nobody fails in the scenes over TLS, and a busy machine takes its time. */
const PATIENT = { "max-response-delay": 60_000 };

export async function inPair(
  subjects: Subjects,
  play: (pair: Pair) => Promise<void>,
  {
    mode = "hot-standby",
    family = 4,
    overTls = false,
    extra = {},
    ahead = 0,
    reached = mode,
    ways = {},
    before,
  }: {
    readonly mode?: PairMode;
    readonly family?: Family;
    readonly overTls?: boolean;
    /** Other keys of both servers. */
    readonly extra?: object;
    /** Seconds by which the second one's clock is. */
    readonly ahead?: number;
    /** The state in which both are to be. */
    readonly reached?: string;
    /** Addresses at which a server reaches the other one, instead of its own. */
    readonly ways?: Readonly<Partial<Record<"server1" | "server2", string>>>;
    /** Done before the servers start, and undone at the end. @param folder as `Pair` has it */
    readonly before?: (lan: Network, folder: string) => Promise<Disposable | undefined>;
  } = {},
): Promise<void> {
  await using lab = new Lab();
  const lan = lab.network();
  const ipv6 = family === 6;
  using _ = await before?.(lan, lab.folder);
  const clients = lab.host("clients", { ipv6 });
  clients.attach(lan, "eth0", ipv6 ? undefined : "10.0.0.9/24");
  const newHost = (number: number): Host => {
    const host = lab.host(`server${number}`, { ipv6 });
    host.attach(lan, "eth0", `10.0.0.${number}/24`);
    return host;
  };
  const hosts = [newHost(1), newHost(2)] as const;
  if (overTls) certify(clients, lab.folder, "authority", "server1", "server2");
  const start: Pair["start"] = (name, another) => {
    const at = name === "server1" ? 0 : 1;
    const subject = another ?? subjects[at];
    const folder = join(lab.folder, another === undefined ? name : `${name}-${another}`);
    const files = {
      "trust-anchor": join(lab.folder, "authority.pem"),
      "cert-file": join(lab.folder, `${name}.pem`),
      "key-file": join(lab.folder, `${name}.key`),
    };
    const change = overTls ? { ...PATIENT, ...files } : mode === "passive-backup" ? { "wait-backup-ack": true } : {};
    const plain = pairConfig(subject, name, mode, family, change, ways[name]);
    const config = withSocket(plain, join(folder, "socket"));
    const under = ahead === 0 || name === "server1" ? [] : otherClock(ahead);
    return Server.start(subject, hosts[at], { ...config, ...extra }, { folder, family, under });
  };
  const [primary, other] = await Promise.all([start("server1"), start("server2")]);
  await Promise.all([inState(primary, reached), inState(other, mode === "passive-backup" ? "backup" : reached)]);
  await play({ lab, lan, clients, hosts, primary, other, start, folder: lab.folder });
}
