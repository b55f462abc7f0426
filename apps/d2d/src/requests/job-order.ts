/**
 * Which requests may run side by side: those that have neither name nor address in common. The others run in the order
 * in which they came: the removal of an old name must not land behind the addition of a new one at the same address.
 */
import type { NameChangeRequest } from "@kotare/core/ncr/name-change-request";
import type { Job } from "./job.ts";
import type { StoredRequest } from "./queue-lines.ts";

export class JobOrder {
  /** The last job with a name, and with an address. */
  readonly #last = new Map<string, Job>();
  #size = 0;

  /** Jobs that are not done with. */
  get size(): number {
    return this.#size;
  }

  /** The job that a new request says anew: the last one of its name and of its address, for the same client. */
  findSuperseded(request: NameChangeRequest): Job | undefined {
    const [byName, byAddress] = keysOf(request).map((key) => this.#last.get(key));
    if (byName === undefined || byName !== byAddress) return undefined;
    return covers(request, byName.stored.request) ? byName : undefined;
  }

  /** @returns the job, which may run at once when it has no blockers */
  add(stored: StoredRequest): Job {
    const job: Job = { stored, blockers: 0, waiters: [] };
    this.#size++;
    for (const key of keysOf(stored.request)) {
      const before = this.#last.get(key);
      // It may be the last one of both.
      if (before !== undefined && before.waiters.at(-1) !== job) {
        before.waiters.push(job);
        job.blockers++;
      }
      this.#last.set(key, job);
    }
    return job;
  }

  /** @returns the jobs that may run now */
  finish(job: Job): readonly Job[] {
    this.#size--;
    for (const key of keysOf(job.stored.request)) if (this.#last.get(key) === job) this.#last.delete(key);
    return job.waiters.filter((waiter) => --waiter.blockers === 0);
  }
}

function keysOf({ fqdn, address }: NameChangeRequest): readonly [name: string, address: string] {
  return [fqdn.toLowerCase(), address];
}

/** Whether nothing is left to do of the older one when the newer one is carried out. */
function covers(newer: NameChangeRequest, older: NameChangeRequest): boolean {
  return (
    newer.conflictResolutionMode === older.conflictResolutionMode &&
    (newer.forward || !older.forward) &&
    (newer.reverse || !older.reverse) &&
    newer.dhcid === older.dhcid
  );
}
