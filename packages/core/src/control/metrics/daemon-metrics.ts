/** Metrics that every daemon has. */
import type { Milliseconds } from "../../base/clock.ts";
import type { LifeContext } from "../daemon-context.ts";
import type { LoginGuard } from "../http/login-guard.ts";
import { type Metric, single } from "./metric.ts";

export function daemonMetrics(
  service: string,
  life: Pick<LifeContext, "version" | "age" | "leftOut">,
  guard: Pick<LoginGuard, "failures">,
  stalls: { longest(): Milliseconds },
): Metric[] {
  const { uptime, reload } = life.age();
  return [
    single("gauge", "kotare_build_info", "Always 1; which daemon it is, and its version.", 1, {
      service,
      version: life.version.short,
    }),
    single("gauge", "kotare_uptime_seconds", "Time since the start.", uptime),
    single("gauge", "kotare_config_age_seconds", "Time since a configuration was last taken into force.", reload),
    single(
      "gauge",
      "kotare_config_parts_left_out",
      "Parts of a faulty configuration that are not served: the daemon is degraded.",
      life.leftOut(),
    ),
    single(
      "gauge",
      "kotare_main_loop_held_seconds",
      "The longest that the main loop was held in the last ten to twenty seconds: packets had to wait that long.",
      stalls.longest() / 1000,
    ),
    single("counter", "kotare_failed_logins_total", "Logins at HTTP sockets that were wrong.", guard.failures),
    single(
      "gauge",
      "process_resident_memory_bytes",
      "Memory that the daemon has of the machine's.",
      process.memoryUsage.rss(),
    ),
    single(
      "counter",
      "process_cpu_seconds_total",
      "Time that the daemon has had of all processors.",
      cpuSeconds(process.cpuUsage()),
    ),
  ];
}

function cpuSeconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1e6;
}
