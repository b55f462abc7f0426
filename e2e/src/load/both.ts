/** perfdhcp and dhcp-load at the same time at one server, and what each says of it. */
import type { Host } from "../lab/lab.ts";
import type { Family } from "../subject/server.ts";
import { DHCP_LOAD, reportOf } from "./load.ts";
import { type Pace, runPerfdhcp, type Verdict } from "./perfdhcp.ts";

/** Each generator has a host of its own. */
export interface Generators {
  readonly family: Family;
  readonly server: string;
  readonly perfdhcp: Host;
  readonly load: Host;
}

export interface Verdicts {
  readonly perfdhcp: readonly Verdict[];
  readonly load: readonly Verdict[];
}

/** As many clients of each. */
export async function runBoth({ family, server, perfdhcp, load }: Generators, pace: Pace): Promise<Verdicts> {
  const [theirs, ours] = await Promise.all([
    runPerfdhcp(perfdhcp, family, server, pace),
    runOurs(load, family, server, pace),
  ]);
  return { perfdhcp: theirs, load: ours };
}

async function runOurs(host: Host, family: Family, server: string, { rate, seconds, clients }: Pace) {
  const program = host.start([
    ...[DHCP_LOAD, `-${family}`, "--json", "-", "-r", `${rate}`, "-s", `${seconds}`, "-c", `${clients}`],
    ...["--first-mac", "02:0b:00:00:00:00"],
    ...(family === 4 ? ["-l", host.addresses("eth0")[0]!, server] : ["-i", "eth0"]),
  ]);
  const { steps } = await reportOf(program);
  return steps[0]!.legs.map(({ sent, answered, delays }) => ({ sent, answered, delay: delays!.mean }));
}
