/** Tells changes of leases as they come, before them those since a time (RFC 7724 §8.2, RFC 7653 §9.3). */
import type { Socket } from "node:net";
import type { Milliseconds, Seconds } from "../../base/clock.ts";
import { Timer } from "../../base/timer.ts";
import type { Lease } from "../../leases/model/lease.ts";
import { changeTimeOf } from "./active-leases.ts";
import type { LeaseFeed } from "./lease-feed.ts";
import type { AnswerWriter, QueryFamily } from "./queries.ts";
import { MOST_AT_A_TIME, type SharedPace } from "./shared-pace.ts";

/** RFC 7724 §7.4, RFC 7653 §8.4: how long a requester hears nothing where nothing changes. */
const SILENCE: Milliseconds = 60_000;
/** Of who reads slower than leases change, so many changes wait, each lease once. */
const MOST_PENDING = 100_000;

export interface Following<L extends Lease> {
  readonly since: Seconds | undefined;
  isWanted(lease: L): boolean;
  readonly answers: AnswerWriter<L>;
  readonly family: Pick<QueryFamily<L>, "everything" | "keyOf">;
  readonly feed: LeaseFeed<L>;
  readonly pace: SharedPace;
  now(): Seconds;
  /** @returns false when there is nobody any more */
  write(bytes: Uint8Array): Promise<boolean>;
  onTold(count: number): void;
  readonly stream: Pick<Socket, "on" | "off" | "destroy">;
}

/** Resolves when the requester is gone. Rejects where leases cannot be read. */
export async function followLeases<L extends Lease>(following: Following<L>): Promise<void> {
  const { answers, feed, family, isWanted, now, write, stream } = following;
  const pending = new Map<number | string, L>();
  let wake = () => {};
  const unlisten = feed.listen((lease) => {
    if (!isWanted(lease)) return;
    const key = family.keyOf(lease);
    pending.delete(key);
    pending.set(key, lease);
    if (pending.size > MOST_PENDING) stream.destroy();
    wake();
  });
  const onClose = () => wake();
  stream.on("close", onClose);
  try {
    if (!(await begin(following))) return;
    for (;;) {
      if (pending.size === 0) {
        await new Promise<void>((resolve) => {
          const timer = Timer.after(SILENCE, resolve).unref();
          wake = () => {
            timer.stop();
            resolve();
          };
        });
        wake = () => {};
      }
      const page = take(pending);
      const bytes = page.length === 0 ? answers.status("alive", now()) : answers.leases(page, now());
      if (!(await write(bytes))) return;
      following.onTold(page.length);
      await following.pace.turn();
    }
  } finally {
    unlisten();
    stream.off("close", onClose);
  }
}

/** Says what there is to say first, and what has changed since. @returns false when there is nobody any more */
async function begin<L extends Lease>({
  since,
  isWanted,
  answers,
  family,
  feed,
  pace,
  now,
  write,
  onTold,
}: Following<L>): Promise<boolean> {
  if (since === undefined) return write(answers.status("begun", now()));
  const isComplete = () => since >= feed.completeSince;
  // RFC 7724 §7.4.1, RFC 7653 §8.4.1: only what is new follows then.
  if (!isComplete()) return write(answers.status("data-missing", now()));
  if (!(await write(answers.status("begun", now())))) return false;
  const tell = async (leases: readonly L[]): Promise<boolean> => {
    await pace.turn();
    if (!(await write(answers.leases(leases, now())))) return false;
    onTold(leases.length);
    return true;
  };
  for await (const page of family.everything()) {
    if (!(await tell(page.filter((lease) => changeTimeOf(lease, now()) >= since && isWanted(lease))))) return false;
  }
  const gone = feed.goneSince(since).filter(isWanted);
  for (let at = 0; at < gone.length; at += MOST_AT_A_TIME) {
    if (!(await tell(gone.slice(at, at + MOST_AT_A_TIME)))) return false;
  }
  return write(answers.status(isComplete() ? "caught-up" : "data-missing", now()));
}

function take<L>(pending: Map<number | string, L>): readonly L[] {
  const page: L[] = [];
  for (const [key, lease] of pending) {
    page.push(lease);
    pending.delete(key);
    if (page.length === MOST_AT_A_TIME) break;
  }
  return page;
}
