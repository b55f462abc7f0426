/** From a request that came in to one that is carried out: on disk, confirmed, in order. */
import type { Clock } from "@kotare/core/base/clock";
import type { NameChangeRequest } from "@kotare/core/ncr/name-change-request";
import type { Outcome, Reporter } from "../reporter.ts";
import type { Job } from "./job.ts";
import { JobOrder } from "./job-order.ts";
import type { QueueFile } from "./queue-file.ts";
import type { StoredRequest } from "./queue-lines.ts";

/** Carries jobs out. */
export interface JobRunner {
  begin(job: Job): void;
  withdraw(job: Job): boolean;
}

export interface Received {
  readonly request: NameChangeRequest;
  /** Tells the sender that it need not send it again. */
  confirm(): void;
}

export class RequestQueue {
  readonly #file: QueueFile;
  readonly #clock: Clock;
  readonly #reporter: Reporter;
  readonly #runner: JobRunner;
  readonly #order = new JobOrder();
  #limit: number;
  #nextId: number;
  /** On their way to the disk. */
  #arriving = 0;

  constructor(file: QueueFile, limit: number, clock: Clock, reporter: Reporter, runner: JobRunner) {
    this.#file = file;
    this.#limit = limit;
    this.#clock = clock;
    this.#reporter = reporter;
    this.#runner = runner;
    this.#nextId = file.stored.reduce((largest, { id }) => Math.max(largest, id), 0) + 1;
  }

  /** Requests that are not done with. */
  get size(): number {
    return this.#order.size + this.#arriving;
  }

  set limit(limit: number) {
    this.#limit = limit;
  }

  /** Carries on with what the file held. */
  resume(): void {
    for (const stored of this.#file.stored) this.#admit(stored);
  }

  /** What cannot be kept is not confirmed: its sender will send it again. */
  async accept(batch: readonly Received[]): Promise<void> {
    const taken = batch.slice(0, Math.max(0, this.#limit - this.size));
    if (taken.length === batch.length) this.#reporter.room();
    for (let i = taken.length; i < batch.length; i++) this.#reporter.full(this.size);
    if (taken.length === 0) return;
    const received = this.#clock.wall();
    const stored = taken.map(({ request }): StoredRequest => ({ id: this.#nextId++, received, request }));
    this.#arriving += stored.length;
    try {
      await this.#file.append(stored);
    } catch {
      // The file has told why.
      return;
    } finally {
      this.#arriving -= stored.length;
    }
    for (const { confirm } of taken) confirm();
    for (const each of stored) {
      this.#reporter.taken(each);
      this.#admit(each);
    }
  }

  finished(job: Job, outcome: Outcome): void {
    this.#reporter.finished(job.stored, outcome);
    this.#file.finish(job.stored.id);
    for (const ready of this.#order.finish(job)) this.#runner.begin(ready);
  }

  #admit(stored: StoredRequest): void {
    const older = this.#order.findSuperseded(stored.request);
    if (older !== undefined && (older.blockers > 0 || this.#runner.withdraw(older))) {
      this.#reporter.superseded(older.stored);
      this.#file.finish(older.stored.id);
      older.stored = stored;
      if (older.blockers === 0) this.#runner.begin(older);
      return;
    }
    const job = this.#order.add(stored);
    if (job.blockers === 0) this.#runner.begin(job);
  }
}
