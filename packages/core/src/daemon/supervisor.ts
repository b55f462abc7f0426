/** What the service manager is told: ready, reloading, stopping, how it goes, and that the main loop is alive. */
import { type NotifyState, notify } from "@kotare/netio/notify";
import { Timer } from "../base/timer.ts";
import type { Logger } from "../log/logger.ts";
import { daemonMessages } from "./messages.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export class Supervisor {
  readonly #logger: Logger;
  readonly #environment: Environment;
  readonly #send: typeof notify;

  /** @param environment with `NOTIFY_SOCKET`; without it nothing is ever sent */
  constructor(logger: Logger, environment: Environment = process.env, send: typeof notify = notify) {
    this.#logger = logger;
    this.#environment = environment;
    this.#send = send;
  }

  /** Serving. Also ends a reload. `status` is what `systemctl status` shows. */
  ready(status: string): void {
    this.#tell({ READY: "1", STATUS: status });
  }

  /** sd_notify(3): a reload is told with the time, so that systemd knows which READY belongs to it. */
  reloading(): void {
    this.#tell({ RELOADING: "1", MONOTONIC_USEC: String(process.hrtime.bigint() / 1000n), STATUS: "Reloading" });
  }

  stopping(): void {
    this.#tell({ STOPPING: "1", STATUS: "Stopping" });
  }

  status(status: string): void {
    this.#tell({ STATUS: status });
  }

  /**
   * Reports from the main loop, twice as often as systemd asks, so that one that hangs is restarted. Does nothing when
   * systemd does not ask this process.
   */
  startWatchdog(): Disposable {
    const { WATCHDOG_USEC, WATCHDOG_PID } = this.#environment;
    const period = Number(WATCHDOG_USEC) / 1000;
    if (!(period > 0) || (WATCHDOG_PID !== undefined && Number(WATCHDOG_PID) !== process.pid)) {
      return { [Symbol.dispose]: () => {} };
    }
    const timer = Timer.every(period / 2, () => this.#tell({ WATCHDOG: "1" })).unref();
    return { [Symbol.dispose]: () => timer.stop() };
  }

  /** Service never depends on the supervisor's ear. */
  #tell(state: NotifyState): void {
    const socket = this.#environment["NOTIFY_SOCKET"] ?? "";
    try {
      this.#send(state, socket);
    } catch (error) {
      this.#logger.log(daemonMessages.DAEMON_SUPERVISOR_UNREACHABLE, { socket, error: (error as Error).message });
    }
  }
}
