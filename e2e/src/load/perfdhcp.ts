/** Debian's perfdhcp, which dhcp-load is compared with; and what it counted. */
import type { Host } from "../lab/lab.ts";
import type { Family } from "../subject/server.ts";

/** Of one message and its reply. */
export interface Verdict {
  readonly sent: number;
  readonly answered: number;
  /** Milliseconds, mean. */
  readonly delay: number;
}

export interface Pace {
  readonly rate: number;
  readonly seconds: number;
  readonly clients: number;
}

/** Clients behind a relay in DHCPv4, and on the link in DHCPv6; the last octets of their hardware addresses count from 0. */
export async function runPerfdhcp(
  host: Host,
  family: Family,
  server: string,
  { rate, seconds, clients }: Pace,
): Promise<readonly Verdict[]> {
  const program = host.start([
    ...["perfdhcp", `-${family}`, "-r", `${rate}`, "-p", `${seconds}`, "-R", `${clients}`],
    // A second thread would spin for nothing, and take from the server a good part of a machine with two cores.
    ...["-g", "single", "-W", "1000000"],
    ...(family === 4
      ? ["-b", "mac=02:0a:00:00:00:00", "-l", host.addresses("eth0")[0]!, server]
      : ["-b", "duid=00030001020a00000000", "-l", "eth0", "all"]),
  ]);
  await program.exited;
  return program.output
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
