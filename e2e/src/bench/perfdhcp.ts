/** Debian's perfdhcp: many clients, at a rate; and what it counted. */
import { execFileSync } from "node:child_process";
import { renameSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../lab/lab.ts";
import { top } from "../top.ts";
import type { Crowd } from "./family.ts";

export interface Load {
  /** Exchanges begun per second. */
  readonly rate: number;
  readonly seconds: number;
  /** Ends after this many exchanges instead. */
  readonly exchanges?: number;
  /** Different clients; beyond them the same come again. */
  readonly clients: number;
  /** First hardware address; loads that must not share clients differ here. */
  readonly firstMac?: string;
  readonly crowd: Crowd;
  /** More arguments. */
  readonly more?: readonly string[];
}

export interface Result {
  readonly offered: number;
  /** Exchanges completed, i.e. ACKs or REPLYs received. */
  readonly completed: number;
  /** Completed per second. */
  readonly rate: number;
  /** Share of the exchanges begun that did not complete. */
  readonly dropRatio: number;
  /** Milliseconds until a reply, mean over both halves of the exchanges. */
  readonly meanDelay: number;
  /** The longest. */
  readonly maxDelay: number;
}

export function perfdhcpCommand(load: Load): string[] {
  return [
    "perfdhcp",
    ...["-r", String(load.rate)],
    ...(load.exchanges === undefined ? ["-p", String(load.seconds)] : ["-n", String(load.exchanges)]),
    ...["-R", String(load.clients)],
    // A second thread would spin for nothing, and take from the server a good part of a machine with two cores.
    ...["-g", "single"],
    ...["-b", `mac=${load.firstMac ?? "00:0c:01:02:03:04"}`],
    // The last replies may take as long as any.
    ...["-W", "500000"],
    ...(load.more ?? []),
    ...load.crowd.arguments,
  ];
}

let receiveBuffer: string | undefined;

/** Builds what gives perfdhcp's sockets room for replies. @returns the path of the library */
function buildReceiveBuffer(): string {
  const library = join(top, ".cache/receive-buffer.so");
  const fresh = `${library}.${process.pid}`;
  const source = join(top, "e2e/src/bench/receive-buffer.c");
  execFileSync(process.env["CC"] ?? "cc", ["-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", fresh, source, "-ldl"]);
  renameSync(fresh, library);
  return library;
}

export async function runLoad(host: Host, load: Load): Promise<Result> {
  receiveBuffer ??= buildReceiveBuffer();
  const program = host.start(perfdhcpCommand(load), { env: { LD_PRELOAD: receiveBuffer } });
  const { code, signal } = await program.exited;
  // 3: some exchanges did not complete.
  if (code !== 0 && code !== 3) {
    throw new Error(`perfdhcp ended with ${signal ?? code}:\n${program.lines.slice(-20).join("\n")}`);
  }
  return parseResult(program.output);
}

interface Part {
  readonly sent: number;
  readonly received: number;
  readonly delay: number;
  readonly longest: number;
}

function parsePart(output: string, title: RegExp): Part {
  const text = output.slice(title.exec(output)?.index);
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  return {
    sent: number(/sent packets: (\d+)/),
    received: number(/received packets: (\d+)/),
    delay: number(/avg delay: ([\d.]+) ms/),
    longest: number(/max delay: ([\d.]+) ms/),
  };
}

function parseResult(output: string): Result {
  const first = parsePart(output, /Statistics for: (DISCOVER-OFFER|SOLICIT-ADVERTISE)/);
  const second = parsePart(output, /Statistics for: (REQUEST-ACK|REQUEST-REPLY)/);
  const rate = Number(/Rate: ([\d.]+) 4-way/.exec(output)?.[1]);
  return {
    offered: first.sent,
    completed: second.received,
    rate,
    dropRatio: first.sent === 0 ? 1 : 1 - second.received / first.sent,
    meanDelay: (first.delay * first.received + second.delay * second.received) / (first.received + second.received),
    maxDelay: Math.max(first.longest, second.longest),
  };
}

/** A lease as the client heard of it. */
export interface Acknowledged {
  /** Client identifier or DUID: octets in hex with colons. */
  readonly clientId: string;
  /** Of a delegated prefix the address only. */
  readonly address: string;
  readonly isPrefix: boolean;
}

/** The leases in ACKs and REPLYs that perfdhcp received, as it lists them at its end with `-x l`. */
export function acknowledgedLeases(lines: readonly string[]): Acknowledged[] {
  const from = lines.findIndex((line) => /^\*\*\*Leases for (REQUEST-ACK|REQUEST-REPLY)\*\*\*/.test(line));
  const leases: Acknowledged[] = [];
  for (const line of lines.slice(from + 1)) {
    const [, client, address, prefix] = /^([0-9a-f:]+),([0-9a-f.:]*),([0-9a-f:]*)$/.exec(line) ?? [];
    if (client === undefined) continue;
    const clientId = client.includes(":") ? client : client.replace(/..(?=.)/g, "$&:");
    if (address) leases.push({ clientId, address, isPrefix: false });
    if (prefix) leases.push({ clientId, address: prefix, isPrefix: true });
  }
  return leases;
}
