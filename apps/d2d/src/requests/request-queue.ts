/** From a request that came in to one that is carried out: on disk, confirmed, in order. */
import type { Clock } from "@kotare/core/base/clock";
import type { NameChangeRequest } from "@kotare/core/ncr/name-change-request";
import type { Outcome, Reporter } from "../reporter.ts";
import type { Job } from "./job.ts";
import { JobOrder } from "./job-order.ts";
import type { QueueFile } from "./queue-file.ts";
import { type StoredRequest, sizeOf } from "./queue-lines.ts";

/** Carries jobs out. */
export interface JobRunner {
  begin(job: Job): void;
  withdraw(job: Job): boolean;
  /** Gives up to `count` jobs up that DNS servers refuse. */
  makeRoom(count: number): void;
}

export interface Received {
  readonly request: NameChangeRequest;
  /** Tells the sender that it need not send it again. */
  confirm(): void;
}

/** Bytes: what a request with a name of usual length takes. Longer ones count for more. */
const USUAL_SIZE = 512;

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
  #arrivingBytes = 0;

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
    const missing = batch.length - this.#countFitting(batch);
    // What is refused must not be in the way of what may not be.
    if (missing > 0) this.#runner.makeRoom(missing);
    const taken = batch.slice(0, this.#countFitting(batch));
    if (taken.length === batch.length) this.#reporter.room();
    for (let i = taken.length; i < batch.length; i++) this.#reporter.full(this.size);
    if (taken.length === 0) return;
    const received = this.#clock.wall();
    const stored = taken.map(({ request }): StoredRequest => ({ id: this.#nextId++, received, request }));
    const bytes = sizeOfAll(taken);
    this.#arriving += stored.length;
    this.#arrivingBytes += bytes;
    try {
      await this.#file.append(stored);
    } catch {
      // The file has told why.
      return;
    } finally {
      this.#arriving -= stored.length;
      this.#arrivingBytes -= bytes;
    }
    for (const { confirm } of taken) confirm();
    for (const each of stored) {
      this.#reporter.taken(each);
      this.#admit(each);
    }
  }

  finished(job: Job, outcome: Outcome): void {
    this.#reporter.finished(job.stored, outcome);
    if (outcome.kind === "set-aside") this.#file.setAside(job.stored, outcome.why);
    else this.#file.finish(job.stored);
    for (const ready of this.#order.finish(job)) this.#runner.begin(ready);
  }

  /** How many of a batch there is room for: by their number, and by their size. */
  #countFitting(batch: readonly Received[]): number {
    const most = Math.max(0, this.#limit - this.size);
    let bytes = this.#file.bytes + this.#arrivingBytes;
    const overflow = batch.slice(0, most).findIndex(({ request }) => {
      bytes += sizeOf(request);
      return bytes > this.#limit * USUAL_SIZE;
    });
    return overflow < 0 ? Math.min(batch.length, most) : overflow;
  }

  #admit(stored: StoredRequest): void {
    const older = this.#order.findSuperseded(stored.request);
    if (older !== undefined && (older.blockers > 0 || this.#runner.withdraw(older))) {
      this.#reporter.superseded(older.stored);
      this.#file.finish(older.stored);
      older.stored = stored;
      if (older.blockers === 0) this.#runner.begin(older);
      return;
    }
    const job = this.#order.add(stored);
    if (job.blockers === 0) this.#runner.begin(job);
  }
}

function sizeOfAll(batch: readonly Received[]): number {
  return batch.reduce((sum, { request }) => sum + sizeOf(request), 0);
}
