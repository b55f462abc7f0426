/** Leases in a database: our daemons and Kea on the same server, each in a database that it has made for itself. */
import { SCHEMA } from "@kotare/lease-postgresql/schema";
import { findPostgres, PostgresServer } from "@kotare/lease-postgresql/testing/postgres-server";
import { keaPgsqlSchema } from "../subject/kea-schema.ts";
import { Bed, type Variant } from "./bed.ts";
import type { BenchFamily } from "./family.ts";
import { medianPeak, warmUp } from "./peak.ts";
import type { Row } from "./row.ts";

/** The threads that Kea's makers advise for PostgreSQL. */
const ADVISED_THREADS = 8;

function keaVariants(): readonly Variant[] {
  const threads = (name: string, size: number): Variant => ({
    name,
    subject: "kea",
    config: { "multi-threading": { "enable-multi-threading": true, "thread-pool-size": size } },
  });
  return [threads("kea, default threads", 0), threads("kea, advised threads", ADVISED_THREADS)];
}

/** The highest rate, and what an exchange costs there. */
export function databaseRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "postgresql",
    async measure(effort, say) {
      const programs = findPostgres();
      const schema = keaPgsqlSchema();
      if (programs === undefined || schema === undefined) throw new Error("PostgreSQL and kea-admin are needed");
      const server = await PostgresServer.start(programs, { isDurable: true });
      try {
        const peaks: Record<string, number> = {};
        const costs: Record<string, number> = {};
        for (const variant of [{ name: "kotare", subject: "kotare", config: {} } as Variant, ...keaVariants()]) {
          say(variant.name);
          const name = variant.name.replace(/\W+/g, "_");
          await server.createDatabase(name, variant.subject === "kea" ? schema : SCHEMA);
          const database = { type: "postgresql", host: server.folder, user: "postgres", name };
          await using bed = new Bed(family);
          const config = { ...variant.config, "lease-database": database };
          const daemon = await bed.start({ ...variant, config }, [family.large.subnet]);
          await warmUp(bed, effort);
          peaks[variant.name] = await medianPeak(bed, effort, say, family.large.crowd);
          const { cpu } = await bed.cost(daemon, { rate: Math.round(peaks[variant.name]!), seconds: effort.seconds });
          costs[variant.name] = cpu;
          say(`${variant.name}: ${Math.round(peaks[variant.name]!)}/s, ${cpu.toFixed(0)} µs an exchange`);
        }
        const best = keaVariants().reduce((a, b) => (peaks[a.name]! > peaks[b.name]! ? a : b)).name;
        const peak = peaks["kotare"]! / peaks[best]!;
        const cost = costs["kotare"]! / costs[best]!;
        return [
          {
            measure: "PostgreSQL: exchanges a second",
            unit: "/s",
            values: peaks,
            ratio: peak,
            target: "≥ 5",
            met: peak >= 5,
          },
          {
            measure: "PostgreSQL: CPU an exchange",
            unit: "µs",
            values: costs,
            ratio: cost,
            target: "≤ 0.5",
            met: cost <= 0.5,
          },
        ];
      } finally {
        await server.stop();
      }
    },
  };
}
