/** dhcp-load: many clients, at a rate; what it counted, and which leases it has got. */
import { join } from "node:path";
import type { LoadReport } from "@kotare/load/results/report";
import type { SlowReply } from "@kotare/load/results/tally";
import type { Crowd } from "../bench/family.ts";
import type { Host } from "../lab/lab.ts";
import type { Program } from "../lab/program.ts";
import { top } from "../top.ts";

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
  /** Exchanges completed: all that was asked for was given. */
  readonly completed: number;
  /** Completed per second. */
  readonly rate: number;
  /** Share of the exchanges begun that did not complete. */
  readonly dropRatio: number;
  /** Milliseconds until a reply, mean over all messages. */
  readonly meanDelay: number;
  /** The longest. */
  readonly maxDelay: number;
  readonly replies: number;
  /** Those that `--slow` asks for. */
  readonly slow: readonly SlowReply[];
  /** Milliseconds until a reply to each message of an exchange, mean over all of the first step. */
  readonly legDelays: readonly number[];
}

export const DHCP_LOAD = join(top, "packages/load/bin/dhcp-load");
/** It wrote its results: exchanges may have been lost, or it may have been too slow. */
const HAS_RESULTS: readonly (number | null)[] = [0, 3, 4];

export function loadCommand({ rate, seconds, exchanges, clients, firstMac, crowd, more = [] }: Load): string[] {
  return [
    ...[DHCP_LOAD, "--json", "-", "-r", String(rate), "-c", String(clients)],
    ...(exchanges === undefined ? ["-s", String(seconds)] : ["-n", String(exchanges)]),
    ...(firstMac === undefined ? [] : ["--first-mac", firstMac]),
    ...more,
    ...crowd.arguments,
  ];
}

export async function runLoad(host: Host, load: Load): Promise<Result> {
  return resultOf(await reportOf(host.start(loadCommand(load))));
}

/** Waits for its end. @throws Error when it has no results */
export async function reportOf(program: Program): Promise<LoadReport> {
  const { code, signal } = await program.exited;
  if (!HAS_RESULTS.includes(code)) {
    throw new Error(`dhcp-load ended with ${signal ?? code}:\n${program.lines.slice(-20).join("\n")}`);
  }
  return JSON.parse(program.lines.find((line) => line.startsWith("{"))!) as LoadReport;
}

function resultOf({ steps }: LoadReport): Result {
  const sum = (count: (step: LoadReport["steps"][number]) => number) =>
    steps.reduce((all, step) => all + count(step), 0);
  const [offered, completed] = [sum(({ begun }) => begun), sum((step) => step.completed)];
  const legs = steps.flatMap((step) => step.legs);
  const answered = legs.reduce((all, leg) => all + leg.answered, 0);
  return {
    offered,
    completed,
    rate: completed / sum(({ seconds }) => seconds),
    dropRatio: offered === 0 ? 1 : 1 - completed / offered,
    meanDelay: legs.reduce((all, leg) => all + leg.answered * (leg.delays?.mean ?? 0), 0) / answered,
    replies: answered,
    maxDelay: Math.max(0, ...legs.map((leg) => leg.delays?.max ?? 0)),
    slow: legs.flatMap((leg) => leg.slow),
    legDelays: steps[0]!.legs.map(({ delays }) => delays?.mean ?? 0),
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

/** Arguments of a load of which nothing may be lost: on a busy machine an answer may take its time. */
export const PATIENT = ["--patience", "60000"] as const;

/** A load's argument for the leases that its clients have at its end. */
export const LEASES = ["--leases", "-"] as const;

/** A DUID names more than the hardware address; a client identifier of DHCPv4 has its type before it. */
const MAC_TEXT = "00:00:00:00:00:00".length;

/** What a load with `LEASES` has written at its end. */
export function acknowledgedLeases(lines: readonly string[]): Acknowledged[] {
  return lines.flatMap((line) => {
    const [, client, address, prefix] = /^([0-9a-f:]+),([0-9a-f.:]*),([0-9a-f:]*)/.exec(line) ?? [];
    if (client === undefined) return [];
    const clientId = client.length === MAC_TEXT ? `01:${client}` : client;
    return [
      ...(address ? [{ clientId, address, isPrefix: false }] : []),
      ...(prefix ? [{ clientId, address: prefix, isPrefix: true }] : []),
    ];
  });
}
