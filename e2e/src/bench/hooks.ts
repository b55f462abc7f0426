/** The row about Kea's hooks: what an exchange costs with identifiers and options by expression, and with a forensic log. */
import type { DhcpConfig } from "../subject/server.ts";
import { Bed, keas3, kotare, type Variant } from "./bed.ts";
import { type Contender, Contest } from "./contest.ts";
import type { BenchFamily } from "./family.ts";
import { type Measured, medians, type Row } from "./row.ts";
import { STEADY_RATE } from "./steady.ts";

function hooks(family: BenchFamily): DhcpConfig {
  const [identifier, option] = family.family === 4 ? ["pkt4.mac", 67] : ["option[1].hex", 59];
  return {
    "host-reservation-identifiers": ["flex-id"],
    "hooks-libraries": [
      { library: "libdhcp_flex_id.so", parameters: { "identifier-expression": identifier } },
      {
        library: "libdhcp_flex_option.so",
        parameters: { options: [{ code: option, add: `concat('boot-', hexstring(${identifier}, '-'))` }] },
      },
      { library: "libdhcp_legal_log.so" },
    ],
  };
}

/** @param delays in milliseconds, first without what is measured, then with it */
function hardlyLater(measure: string, delays: Readonly<Record<string, number>>): Measured {
  const [before, after] = Object.values(delays) as [number, number];
  const target = { target: "≤ 1 ms more", met: after - before <= 1 };
  return { measure, unit: "ms", values: delays, ratio: after / before, ...target };
}

/** Exchanges a second, each of which calls a script. */
const SCRIPT_RATE = 500;

export function scriptRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "scripts",
    async measure(effort, say) {
      const delays: Record<string, number> = {};
      for (const name of ["without", "with a script"]) {
        await using bed = new Bed(family);
        const hook = { library: "libdhcp_run_script.so", parameters: { name: "/bin/true" } };
        const config = name === "without" ? {} : { "hooks-libraries": [hook] };
        await bed.start({ ...kotare, config }, [family.large.subnet]);
        const load = { rate: SCRIPT_RATE, seconds: effort.seconds };
        await bed.load(load);
        const { meanDelay, maxDelay, offered, completed } = await bed.load(load);
        delays[name] = meanDelay;
        say(`${name}: ${meanDelay.toFixed(2)} ms delay, at most ${maxDelay.toFixed(1)}; ${offered - completed} lost`);
      }
      return [hardlyLater(`delay of a reply at ${SCRIPT_RATE}/s, each of which calls a script`, delays)];
    },
  };
}

/** Exchanges a second, each of which waits for somebody to answer at the address that it is about. */
const PING_RATE = 1000;

/** DHCPv4 only. Packets that wait for nothing are REQUESTs here: nobody is asked again what has been offered. */
export function pingRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "pings",
    async measure(effort, say) {
      const delays: Record<string, number> = {};
      for (const isOn of [false, true]) {
        await using bed = new Bed(family);
        const parameters = { "enable-ping-check": isOn, "reply-timeout": 100 };
        const config = { "hooks-libraries": [{ library: "libdhcp_ping_check.so", parameters }] };
        await bed.start({ ...kotare, config }, [family.large.subnet]);
        // Whoever is asked is behind the relay, and nobody is there.
        bed.server.ip("route", "add", "10.16.0.0/12", "via", "10.0.0.2");
        const load = { rate: PING_RATE, seconds: effort.seconds };
        await bed.load(load);
        const { dropRatio, legDelays } = await bed.load(load);
        const [offer, ack] = legDelays as [number, number];
        const name = isOn ? "with pings" : "without";
        delays[name] = ack;
        const lost = (100 * dropRatio).toFixed(2);
        say(`${name}: OFFERs after ${offer.toFixed(1)} ms, ACKs after ${ack.toFixed(2)}; ${lost} % lost`);
      }
      return [hardlyLater(`delay of an ACK while ${PING_RATE} clients a second wait 100 ms for a ping`, delays)];
    },
  };
}

export function hooksRow(family: BenchFamily): Row {
  const hooked = ({ config, ...variant }: Variant): Variant => ({
    ...variant,
    config: { ...hooks(family), ...config },
  });
  const ours = hooked(kotare);
  const theirs = keas3.map(hooked);
  return {
    family: family.family,
    name: "hooks",
    async measure(effort, say) {
      await using contest = await Contest.start(family, [ours, ...theirs]);
      const load = { rate: STEADY_RATE, seconds: effort.seconds };
      for (const { bed } of contest.contenders) await bed.load({ ...load, seconds: 8 });
      const measured = await contest.measure(effort.repeats, ({ bed, server }: Contender) => bed.cost(server, load));
      const cpu = medians(new Map([...measured].map(([name, each]) => [name, each.map((one) => one.cpu)])));
      for (const [name, each] of measured) {
        const { result } = each.at(-1)!;
        const lost = result.offered - result.completed;
        say(`${name}: ${cpu[name]!.toFixed(1)} µs CPU, ${result.meanDelay.toFixed(2)} ms delay, ${lost} lost`);
      }
      const ratio = cpu[ours.name]! / Math.min(...theirs.map(({ name }) => cpu[name]!));
      return [
        {
          measure: "CPU per exchange with flex_id, flex_option and legal_log at 5,000/s",
          unit: "µs",
          values: cpu,
          ratio,
          target: "≤ 0.6 × the cheaper Kea",
          met: ratio <= 0.6,
        },
      ];
    },
  };
}
