/** The test bed of the benchmarks: a server host and a host of clients on one cable, and the servers compared. */
import { join } from "node:path";
import { type Host, Lab } from "../lab/lab.ts";
import { type DhcpConfig, Server, type Subject } from "../subject/server.ts";
import { type Load, type Result, runLoad } from "./perfdhcp.ts";

/** Who is measured: Kea in both of its modes, since neither is the faster one everywhere. */
export interface Variant {
  readonly name: string;
  readonly subject: Subject;
  readonly config: DhcpConfig;
}

export const kotare: Variant = { name: "kotare", subject: "kotare", config: {} };

export const keas: readonly Variant[] = [
  { name: "kea, threads", subject: "kea", config: { "multi-threading": { "enable-multi-threading": true } } },
  { name: "kea, one thread", subject: "kea", config: { "multi-threading": { "enable-multi-threading": false } } },
];

export const variants: readonly Variant[] = [kotare, ...keas];

export const SERVER_ADDRESS = "10.0.0.1";
export const RELAY_ADDRESS = "10.0.0.2";

/** One subnet for 15 million clients, and the file's log at WARN: what an operator who wants speed would write. */
export const LARGE_SUBNET = { id: 1, subnet: "10.0.0.0/8", pools: [{ pool: "10.16.0.0 - 10.255.255.255" }] };

export class Bed implements AsyncDisposable {
  readonly lab = new Lab();
  readonly clients: Host;
  readonly #serverHost: Host;
  #servers = 0;
  #loads = 0;

  constructor() {
    this.#serverHost = this.lab.host("server");
    this.clients = this.lab.host("clients");
    this.#serverHost.connect("eth0", `${SERVER_ADDRESS}/8`, this.clients, "eth0", `${RELAY_ADDRESS}/8`);
  }

  /** A folder for the next server: a lease file may be put there before it starts. */
  newFolder(): string {
    return join(this.lab.folder, `server${this.#servers++}`);
  }

  start(
    variant: Variant,
    config: DhcpConfig,
    options: { folder?: string; severity?: "WARN" | "INFO" } = {},
  ): Promise<Server> {
    const { folder = this.newFolder(), severity = "WARN" } = options;
    const complete = {
      "valid-lifetime": 86400,
      "interfaces-config": { interfaces: ["eth0"] },
      ...config,
      ...variant.config,
    };
    return Server.start(variant.subject, this.#serverHost, complete, {
      folder,
      severity,
      logToFile: true,
      patience: 300_000,
    });
  }

  /** Clients that no load before had. */
  load(load: Pick<Load, "rate" | "seconds"> & Partial<Load>): Promise<Result> {
    const mac = `02:${(++this.#loads & 255).toString(16).padStart(2, "0")}:00:00:00:00`;
    return runLoad(this.clients, {
      clients: 2_000_000,
      relay: RELAY_ADDRESS,
      server: SERVER_ADDRESS,
      firstMac: mac,
      ...load,
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.lab[Symbol.asyncDispose]();
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
