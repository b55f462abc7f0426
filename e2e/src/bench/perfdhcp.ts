/** Debian's perfdhcp: many clients behind a relay, at a rate; and what it counted. */
import type { Host } from "../lab/lab.ts";
import type { Program } from "../lab/program.ts";

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
  /** The relay's address, one of the client host's. */
  readonly relay: string;
  readonly server: string;
  /** More arguments. */
  readonly more?: readonly string[];
}

export interface Result {
  readonly offered: number;
  /** Exchanges completed, i.e. ACKs received. */
  readonly completed: number;
  /** Completed per second. */
  readonly rate: number;
  /** Share of the exchanges begun that did not complete. */
  readonly dropRatio: number;
  /** Milliseconds until a reply, mean over OFFERs and ACKs. */
  readonly meanDelay: number;
  readonly output: readonly string[];
}

export function perfdhcpCommand(load: Load): string[] {
  return [
    "perfdhcp",
    "-4",
    ...["-r", String(load.rate)],
    ...(load.exchanges === undefined ? ["-p", String(load.seconds)] : ["-n", String(load.exchanges)]),
    ...["-R", String(load.clients)],
    ...["-b", `mac=${load.firstMac ?? "00:0c:01:02:03:04"}`],
    ...["-l", load.relay],
    // The last replies may take as long as any.
    ...["-W", "500000"],
    ...(load.more ?? []),
    load.server,
  ];
}

export async function runLoad(host: Host, load: Load): Promise<Result> {
  const program = host.start(perfdhcpCommand(load));
  await program.exited;
  return parseResult(program);
}

interface Part {
  readonly sent: number;
  readonly received: number;
  readonly delay: number;
}

function parsePart(output: string, title: string): Part {
  const text = output.slice(output.indexOf(`***Statistics for: ${title}***`));
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  return {
    sent: number(/sent packets: (\d+)/),
    received: number(/received packets: (\d+)/),
    delay: number(/avg delay: ([\d.]+) ms/),
  };
}

/** @throws Error with perfdhcp's words when it counted nothing */
export function parseResult(program: Program): Result {
  const { output } = program;
  const discover = parsePart(output, "DISCOVER-OFFER");
  const request = parsePart(output, "REQUEST-ACK");
  const rate = Number(/Rate: ([\d.]+) 4-way/.exec(output)?.[1]);
  if (Number.isNaN(discover.sent)) throw new Error(`perfdhcp failed:\n${program.lines.slice(-20).join("\n")}`);
  return {
    offered: discover.sent,
    completed: request.received,
    rate,
    dropRatio: discover.sent === 0 ? 1 : 1 - request.received / discover.sent,
    meanDelay:
      (discover.delay * discover.received + request.delay * request.received) / (discover.received + request.received),
    output: program.lines,
  };
}

/** A lease as the client heard of it. */
export interface Acknowledged {
  /** Hexadecimal digits without separators. */
  readonly clientId: string;
  readonly address: string;
}

/** The leases in ACKs that perfdhcp received, as it lists them at its end with `-x l`. */
export function acknowledgedLeases(lines: readonly string[]): Acknowledged[] {
  const from = lines.findIndex((line) => line.startsWith("***Leases for REQUEST-ACK***"));
  const leases: Acknowledged[] = [];
  for (const line of lines.slice(from + 1)) {
    const [, clientId, address] = /^([0-9a-f]+),(\d+\.\d+\.\d+\.\d+),/.exec(line) ?? [];
    if (clientId !== undefined && address !== undefined) leases.push({ clientId, address });
  }
  return leases;
}
