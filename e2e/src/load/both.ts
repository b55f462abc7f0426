/** perfdhcp and dhcp-load at the same time at one server, and what each says of it. */
import type { LoadReport } from "@kotare/load/results/report";
import type { Host } from "../lab/lab.ts";
import type { Family } from "../subject/server.ts";
import { DHCP_LOAD, reportOf } from "./load.ts";

/** Of one message and its reply. */
export interface Verdict {
  readonly sent: number;
  readonly answered: number;
  /** Milliseconds, mean. */
  readonly delay: number;
}

/** Each generator has a host of its own. */
export interface Generators {
  readonly family: Family;
  readonly server: string;
  readonly perfdhcp: Host;
  readonly load: Host;
}

export interface Pace {
  readonly rate: number;
  readonly seconds: number;
  readonly clients: number;
}

export interface Verdicts {
  readonly perfdhcp: readonly Verdict[];
  readonly load: readonly Verdict[];
}

/** As many clients of each, with hardware addresses of which the last octet counts from 0. */
export async function runBoth(generators: Generators, { rate, seconds, clients }: Pace): Promise<Verdicts> {
  const { family, server, perfdhcp, load } = generators;
  const [local, relay] =
    family === 4 ? [perfdhcp.addresses("eth0")[0]!, ["-l", load.addresses("eth0")[0]!]] : ["eth0", []];
  const other = perfdhcp.start([
    ...["perfdhcp", `-${family}`, "-r", `${rate}`, "-p", `${seconds}`, "-R", `${clients}`],
    ...["-g", "single", "-W", "1000000"],
    ...["-b", family === 4 ? "mac=02:0a:00:00:00:00" : "duid=00030001020a00000000", "-l", local],
    ...(family === 4 ? [server] : ["all"]),
  ]);
  const ours = load.start([
    ...[DHCP_LOAD, `-${family}`, "--json", "-", "-r", `${rate}`, "-s", `${seconds}`, "-c", `${clients}`],
    ...["--first-mac", "02:0b:00:00:00:00"],
    ...(family === 4 ? [...relay, server] : ["-i", "eth0"]),
  ]);
  await other.exited;
  return { perfdhcp: verdictsOfPerfdhcp(other.output), load: verdictsOf(await reportOf(ours)) };
}

function verdictsOf({ steps: [step] }: LoadReport): Verdict[] {
  return step!.legs.map(({ sent, answered, delays }) => ({ sent, answered, delay: delays!.mean }));
}

function verdictsOfPerfdhcp(output: string): Verdict[] {
  return output
    .split(/^\*\*\*Statistics for: /m)
    .slice(1)
    .map((part) => {
      const number = (pattern: RegExp): number => Number(pattern.exec(part)?.[1] ?? Number.NaN);
      return {
        sent: number(/sent packets: (\d+)/),
        answered: number(/received packets: (\d+)/),
        delay: number(/avg delay: ([\d.]+) ms/),
      };
    });
}
