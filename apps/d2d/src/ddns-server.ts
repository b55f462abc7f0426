/** A running DNS updater: its socket, its queue and its zones, and how a new configuration takes over. */
import type { Clock } from "@kotare/core/base/clock";
import { retry } from "@kotare/core/base/retry";
import { Timer } from "@kotare/core/base/timer";
import type { DhcpDdnsConfig } from "@kotare/core/config/dhcp-ddns-config";
import { kotareDdns } from "@kotare/core/config/kotare-ddns";
import type { Commands } from "@kotare/core/control/command-table";
import type { LifeContext } from "@kotare/core/control/daemon-context";
import type { Metric } from "@kotare/core/control/metrics/metric";
import type { RunningServer } from "@kotare/core/daemon/daemon";
import { type DaemonPaths, resolvePath } from "@kotare/core/daemon/paths";
import type { Logger } from "@kotare/core/log/logger";
import { ddnsMetrics } from "./ddns-metrics.ts";
import { queueFile } from "./messages.ts";
import { Reporter } from "./reporter.ts";
import { QueueFile } from "./requests/queue-file.ts";
import { type ListenAddress, Receiver } from "./requests/receiver.ts";
import { RequestQueue } from "./requests/request-queue.ts";
import type { DdnsStatistics } from "./statistics.ts";
import { takeCommands } from "./take-commands.ts";
import type { After } from "./update/lane.ts";
import { Updater, type UpdaterSettings } from "./update/updater.ts";
import { compileZones } from "./zones/zones.ts";

export interface DdnsParts {
  readonly paths: DaemonPaths;
  readonly clock: Clock;
  readonly log: Logger;
  readonly statistics: DdnsStatistics;
  /** Ends the trying to open the queue's file. */
  readonly signal: AbortSignal;
  readonly onStatus: (status: string) => void;
}

const after: After = (wait, run) => {
  const timer = Timer.after(wait, run);
  return () => timer.stop();
};

export class DdnsServer implements RunningServer<DhcpDdnsConfig> {
  readonly #parts: DdnsParts;
  readonly #file: QueueFile;
  readonly #queue: RequestQueue;
  readonly #updater: Updater;
  #config: DhcpDdnsConfig;
  #receiver: Receiver | undefined;

  private constructor(config: DhcpDdnsConfig, file: QueueFile, reporter: Reporter, parts: DdnsParts) {
    const { clock } = parts;
    this.#parts = parts;
    this.#config = config;
    this.#file = file;
    this.#updater = new Updater(this.#settings(config), {
      clock,
      reporter,
      after,
      onFinished: (job, outcome) => this.#queue.finished(job, outcome),
    });
    this.#queue = new RequestQueue(file, limitOf(config), clock, reporter, this.#updater);
  }

  /** @throws when a secret cannot be read */
  static async start(config: DhcpDdnsConfig, parts: DdnsParts): Promise<DdnsServer> {
    const { clock, log, statistics, signal } = parts;
    const reporter = new Reporter(log, statistics, () => clock.wall());
    const path = queuePath(config, parts.paths);
    const file = await retry(
      () => QueueFile.open({ path, clock, report: (event) => reporter.queueFile(path, event) }),
      {
        signal,
        onFailure: (error, wait) => {
          const values = { file: path, error: error.message, milliseconds: wait ?? 0 };
          log.log(queueFile.DHCP_DDNS_QUEUE_FILE_OPEN_FAILED, values);
        },
      },
    );
    const server = new DdnsServer(config, file, reporter, parts);
    if (server.#queue.size > 0 || file.stored.length > 0) {
      log.log(queueFile.DHCP_DDNS_QUEUE_FILE_LOADED, { count: file.stored.length, file: path });
    }
    server.#queue.resume();
    server.#receiver = await Receiver.open(listenAddress(config), {
      log,
      reporter,
      accept: (batch) => server.#queue.accept(batch),
      onChange: () => parts.onStatus(server.describe()),
    });
    return server;
  }

  describe(): string {
    const { address, port } = listenAddress(this.#config);
    const problem = this.#receiver?.problem;
    const where = `${address}, port ${port}`;
    const heard = problem === undefined ? `requests on ${where}` : `no requests on ${where}: ${problem}`;
    return `${heard}; ${countZones(this.#config)} zones`;
  }

  async reconfigure(config: DhcpDdnsConfig): Promise<void> {
    const { log, paths } = this.#parts;
    const settings = this.#settings(config);
    if (queuePath(config, paths) !== queuePath(this.#config, paths)) log.log(queueFile.DHCP_DDNS_QUEUE_FILE_KEPT);
    this.#config = config;
    this.#queue.limit = limitOf(config);
    await this.#updater.reconfigure(settings);
    await this.#receiver?.move(listenAddress(config));
  }

  takeCommands(life: LifeContext<DhcpDdnsConfig>): Commands {
    const { clock, log, statistics } = this.#parts;
    const context = {
      ...life,
      statistics,
      now: () => clock.wall(),
      status: () => ({ "queue-size": this.#queue.size, socket: this.#receiver?.problem ?? "ready" }),
    };
    return takeCommands(context, log);
  }

  async metrics(): Promise<readonly Metric[]> {
    return ddnsMetrics(this.#parts.statistics, this.#queue.size);
  }

  async stop(): Promise<void> {
    this.#receiver?.close();
    await this.#updater.stop();
    await this.#file.close();
  }

  #settings(config: DhcpDdnsConfig): UpdaterSettings {
    const zones = compileZones(config);
    // Listed from the start, as Kea's are.
    for (const name of zones.keys) this.#parts.statistics.key(name);
    return {
      zones,
      timeout: config["dns-server-timeout"],
      giveUpAfter: kotareDdns(config).giveUpAfter,
      setAsideAfter: kotareDdns(config).setAsideAfter,
    };
  }
}

export function countZones(config: DhcpDdnsConfig): number {
  return config["forward-ddns"]["ddns-domains"].length + config["reverse-ddns"]["ddns-domains"].length;
}

export function queuePath(config: DhcpDdnsConfig, paths: DaemonPaths): string {
  return resolvePath(paths.data, kotareDdns(config).queueFile);
}

function limitOf(config: DhcpDdnsConfig): number {
  return kotareDdns(config).maxQueueSize;
}

function listenAddress(config: DhcpDdnsConfig): ListenAddress {
  return { address: config["ip-address"], port: config.port };
}
