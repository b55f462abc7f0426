/** Servers of pairs in one process, joined without a network; time moves when it is told to. Tests only. */
import type { CommandAnswer, Contributions, Lease, ParameterTools, Query, Surroundings } from "@kotare/extension";
import { z } from "zod";
import { messages } from "../control/messages.ts";
import { highAvailabilityOver } from "../high-availability.ts";
import type { Link } from "../link/partner-link.ts";
import type { Parameters } from "../parameters/parameters.ts";
import { parametersSchema } from "../parameters/parameters.ts";

type Contexts = Surroundings<unknown, string | undefined>["contexts"];

export class Node {
  contributions: Contributions = {};
  /** Ids of what it has said. */
  readonly log: string[] = [];
  readonly leases = new Map<string, Lease>();
  /** What it answers to some commands, whatever they say. */
  readonly answers = new Map<string, CommandAnswer>();
  announced = "";
  isOn = true;
  /** Nobody reaches it, and nobody listens where it should. */
  isGone = false;
  /** What it is told gets no answer. */
  isDeaf = false;
  /** Its own commands are carried out when it is there. */
  disk: Promise<void> = Promise.resolve();

  /** As its daemon, which has a few commands itself. */
  readonly take = async (name: string, args: object = {}): Promise<CommandAnswer> => {
    const answer = this.answers.get(name);
    if (answer !== undefined) return answer;
    const command = this.contributions.commands?.find((each) => each.name === name);
    if (command !== undefined) {
      const { success, data } = command.arguments!.safeParse(args);
      return success ? await command.run(data as never) : { result: 1, text: "its arguments are wrong" };
    }
    if (name === "dhcp-enable" || name === "dhcp-disable") this.isOn = name === "dhcp-enable";
    const lease = args as Lease;
    if (name === "lease4-update") this.leases.set(lease["ip-address"], lease);
    const { leases = [] } = args as { readonly leases?: readonly Lease[] };
    if (name === "lease4-bulk-apply") for (const each of leases) this.leases.set(each["ip-address"], each);
    if (name === "lease4-get-page") return { result: 0, arguments: { leases: [...this.leases.values()] } };
    return { result: 0 };
  };

  get status() {
    const { "high-availability": pairs } = this.contributions.status!() as { "high-availability": Status[] };
    return pairs;
  }

  get states(): readonly string[] {
    return this.status.map(({ "ha-servers": { local } }) => String(local["state"]));
  }
}

interface Status {
  readonly "ha-servers": { readonly local: Record<string, unknown>; readonly remote?: Record<string, unknown> };
}

export class Network {
  readonly #nodes = new Map<string, Node>();
  readonly #timers = new Set<{ readonly due: number; readonly run: () => void }>();
  #now = 0;

  /** @param names that its peers know it by */
  add(names: readonly string[], relationships: readonly object[], contexts: Partial<Contexts> = {}): Node {
    const node = new Node();
    for (const name of names) this.#nodes.set(name, node);
    const parameters = parametersSchema({ z } as ParameterTools).parse({ "high-availability": relationships });
    const extension = highAvailabilityOver((peer) => this.#link(peer.name));
    node.contributions = extension.start(this.#around(node, parameters, contexts)) as Contributions;
    return node;
  }

  /** Milliseconds, one timer after the other. */
  async pass(time: number): Promise<void> {
    const end = this.#now + time;
    for (;;) {
      const [next] = [...this.#timers].filter(({ due }) => due <= end).toSorted((a, b) => a.due - b.due);
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.due);
      this.#timers.delete(next);
      next.run();
      // Nothing in here takes longer than what is queued already.
      await new Promise(setImmediate);
    }
    this.#now = end;
  }

  #link(name: string): Link {
    return {
      ask: async (command, args) => {
        await Promise.resolve();
        const node = this.#nodes.get(name);
        if (node === undefined || node.isGone) throw Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
        if (node.isDeaf) throw new Error("no answer");
        return node.take(command, args);
      },
      reload: () => undefined,
      close: () => undefined,
    };
  }

  #around(
    node: Node,
    parameters: Parameters,
    contexts: Partial<Contexts>,
  ): Surroundings<Parameters, string | undefined> {
    const empty = new Map();
    return {
      parameters,
      contexts: { subnets: empty, networks: empty, classes: empty, ...contexts },
      family: 4,
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      tell: (id, values) => {
        const { text } = messages[id as keyof typeof messages];
        const given = typeof values === "function" ? values() : values;
        node.log.push(`${id} ${text.replace(/\{(\w+)\}/g, (_, name: string) => String(given[name]))}`);
      },
      directories: { data: "", scripts: "", legalLog: "" },
      clock: { wall: () => 1_700_000_000 + this.#now / 1000, monotonic: () => this.#now },
      after: (milliseconds, run) => {
        const timer = { due: this.#now + milliseconds, run };
        this.#timers.add(timer);
        return { stop: () => void this.#timers.delete(timer) };
      },
      command: async (name, args) => {
        await node.disk;
        return node.take(name, args);
      },
      announce: (words) => {
        node.announced = words;
      },
      report: () => undefined,
      z,
    };
  }
}

/** A client's message in a subnet. */
export function query(subnetId: number, type = "DHCPDISCOVER"): Query {
  return { family: 4, type, mac: "02:00:00:00:00:01", clientId: undefined, subnetId, elapsed: 0 } as unknown as Query;
}

/** Whether a client in a subnet is. */
export function isServed(node: Node, subnetId: number): boolean {
  return node.contributions.identify!(query(subnetId), () => undefined, {})?.drop === undefined;
}
