/** An updater and its queue between a disk and a DNS of values, in a time of the test's own. */
import { ManualClock, type Milliseconds } from "@kotare/core/base/clock";
import { RecordingLogger } from "@kotare/core/log/testing/recording-logger";
import type { NameChangeRequest } from "@kotare/core/ncr/name-change-request";
import { CrashDisk } from "@kotare/core/storage/testing/crash-disk";
import { Rcode } from "../dns/response.ts";
import { Reporter } from "../reporter.ts";
import { QueueFile } from "../requests/queue-file.ts";
import { RequestQueue } from "../requests/request-queue.ts";
import { DdnsStatistics } from "../statistics.ts";
import type { After } from "../update/lane.ts";
import type { Answered, sendUpdate, UpdateContent } from "../update/send-update.ts";
import { Updater, type UpdaterSettings } from "../update/updater.ts";
import { type DnsServer, ZoneTable } from "../zones/zones.ts";
import { ZoneModel } from "./zone-model.ts";

export const QUEUE = "/data/queue";

/** What happens to an update on its way. */
export type Fate = "arrives" | "lost" | "answer-lost" | "servfail" | "refused" | "not-authorized";

export interface TestUpdaterOptions {
  readonly disk?: CrashDisk;
  readonly dns?: ZoneModel;
  readonly limit?: number;
  readonly settings?: Partial<UpdaterSettings>;
  /** Asked for each message; all arrive unless given. */
  readonly fate?: (content: UpdateContent, server: DnsServer) => Fate;
}

interface TestParts {
  readonly disk: CrashDisk;
  readonly clock: ManualClock;
  readonly log: RecordingLogger;
  readonly statistics: DdnsStatistics;
  readonly reporter: Reporter;
  readonly file: QueueFile;
}

const server = (address: string): DnsServer => ({ address, port: 53, key: undefined });

/** `e.` has two servers, the reverse zone one, and `dead.e.` another. */
export const SETTINGS: UpdaterSettings = {
  zones: {
    forward: new ZoneTable([
      { name: "e.", servers: [server("192.0.2.1"), server("192.0.2.2")] },
      { name: "dead.e.", servers: [server("192.0.2.66")] },
    ]),
    reverse: new ZoneTable([{ name: "10.in-addr.arpa.", servers: [server("192.0.2.3")] }]),
    keys: [],
  },
  timeout: 500,
  giveUpAfter: 604_800,
  setAsideAfter: 259_200,
};

export class TestUpdater {
  readonly disk: CrashDisk;
  readonly dns: ZoneModel;
  readonly log: RecordingLogger;
  readonly clock: ManualClock;
  readonly statistics: DdnsStatistics;
  readonly queue: RequestQueue;
  readonly updater: Updater;
  /** Requests in each message that was sent, with its zone. */
  readonly sent: { readonly zone: string; readonly size: number; readonly server: string }[] = [];
  readonly confirmed: NameChangeRequest[] = [];
  readonly #fate: NonNullable<TestUpdaterOptions["fate"]>;
  readonly #timers = new Set<{ readonly due: Milliseconds; readonly run: () => void }>();
  readonly #file: QueueFile;

  private constructor({ disk, clock, log, statistics, reporter, file }: TestParts, options: TestUpdaterOptions) {
    this.disk = disk;
    this.clock = clock;
    this.log = log;
    this.statistics = statistics;
    this.dns = options.dns ?? new ZoneModel();
    this.#fate = options.fate ?? (() => "arrives");
    this.#file = file;
    this.updater = new Updater(
      { ...SETTINGS, ...options.settings },
      {
        clock,
        reporter,
        after: this.#after,
        send: this.#send,
        onFinished: (job, outcome) => this.queue.finished(job, outcome),
      },
    );
    this.queue = new RequestQueue(file, options.limit ?? 1000, clock, reporter, this.updater);
    this.queue.resume();
  }

  static async start(options: TestUpdaterOptions = {}): Promise<TestUpdater> {
    const disk = options.disk ?? new CrashDisk();
    const clock = new ManualClock();
    const log = new RecordingLogger();
    const statistics = new DdnsStatistics(0);
    const reporter = new Reporter(log, statistics, () => clock.wall());
    const file = await QueueFile.open({
      path: QUEUE,
      clock,
      report: (event) => reporter.queueFile(QUEUE, event),
      disk,
    });
    return new TestUpdater({ disk, clock, log, statistics, reporter, file }, options);
  }

  /** Requests that came together. */
  accept(...requests: readonly NameChangeRequest[]): Promise<void> {
    return this.queue.accept(
      requests.map((request) => ({ request, confirm: () => void this.confirmed.push(request) })),
    );
  }

  /** Until nothing happens any more; pauses take no time. */
  async settle(): Promise<void> {
    await turns();
    for (let round = 0; round < 10_000; round++) if (!(await this.pass())) return;
    throw new Error("it never ends");
  }

  /** Time passes until the next pause ends. @returns false when there is none */
  async pass(): Promise<boolean> {
    const next = [...this.#timers].sort((a, b) => a.due - b.due)[0];
    if (next === undefined) return false;
    this.#timers.delete(next);
    this.clock.advance(Math.max(0, next.due - this.clock.monotonic()) / 1000);
    next.run();
    await turns();
    return true;
  }

  /** What is on its way arrives; nothing that waits for a time happens. */
  async quiet(): Promise<void> {
    await turns();
  }

  async stop(): Promise<void> {
    await this.updater.stop();
    await this.#file.close();
  }

  readonly #after: After = (wait, run) => {
    const timer = { due: this.clock.monotonic() + wait, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  readonly #send: typeof sendUpdate = async (to, content): Promise<Answered> => {
    const names = new Set(content.updates.map(({ name }) => name));
    this.sent.push({ zone: content.zone, size: names.size, server: to.address });
    await new Promise(setImmediate);
    const silent: Answered = { kind: "silent", why: "no answer" };
    switch (this.#fate(content, to)) {
      case "lost":
        return silent;
      case "servfail":
        return { kind: "rcode", rcode: Rcode.SERVFAIL };
      case "refused":
        return { kind: "rcode", rcode: Rcode.REFUSED };
      case "not-authorized":
        return { kind: "refused", why: "BADKEY" };
      case "answer-lost":
        this.dns.update(content);
        return silent;
      case "arrives":
        return { kind: "rcode", rcode: this.dns.update(content) };
    }
  };
}

async function turns(): Promise<void> {
  for (let i = 0; i < 30; i++) await new Promise(setImmediate);
}
