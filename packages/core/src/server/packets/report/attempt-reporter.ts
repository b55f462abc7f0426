/**
 * Tells what became of packets: of each once, and of the attempt that counts. Where the reporter has a fault that is told, and
 * costs nobody an answer.
 */
import type { Seconds } from "../../../base/clock.ts";
import { DecodeError } from "../../../base/decode-error.ts";
import { ExtensionError } from "../../../extensions/extension-error.ts";
import { type Attempt, bytesOf } from "../attempt.ts";
import type { PacketPath, PathTypes } from "../packet-path.ts";
import { CommitFailures } from "./commit-failures.ts";
import type { PathReporter } from "./path-reporter.ts";

export class AttemptReporter<T extends PathTypes> {
  readonly #reporter: PathReporter<T>;
  readonly #path: Pick<PacketPath<T>, "drop">;
  readonly #failures = new CommitFailures();

  constructor(reporter: PathReporter<T>, path: Pick<PacketPath<T>, "drop">) {
    this.#reporter = reporter;
    this.#path = path;
  }

  /** @param error why the kernel did not take the reply, if so */
  answered(attempt: Attempt<T>, error: string | undefined): void {
    try {
      this.#reporter.attempted(attempt);
      this.#reporter.answered(attempt.query!, attempt.answer!, error);
    } catch (fault) {
      this.#bug(attempt, fault);
    }
  }

  dropped(attempt: Attempt<T>, drop: T["drop"]): void {
    const { message, ingress } = attempt.packet;
    try {
      this.#reporter.attempted(attempt);
      this.#reporter.dropped(message, ingress, drop);
    } catch (fault) {
      this.#bug(attempt, fault);
    }
  }

  /** What was decided is not to be. */
  failed(attempts: readonly Attempt<T>[], error: Error, now: Seconds): void {
    const drop = this.#path.drop("commit-failed");
    for (const attempt of attempts) this.dropped(attempt, drop);
    const count = this.#failures.add(attempts.length, error.message, now);
    if (count > 0) this.#reporter.commitFailed(error, count);
  }

  /** A step, or the change, has thrown. */
  thrown(attempt: Attempt<T>, error: unknown): void {
    const { datagram, message, ingress } = attempt.packet;
    try {
      this.#reporter.attempted(attempt);
    } catch (fault) {
      this.#bug(attempt, fault);
    }
    if (error instanceof DecodeError) this.#reporter.undecodable(datagram, ingress, message, error);
    else if (error instanceof ExtensionError) {
      const drop = this.#path.drop("extension-failed", error.message);
      this.#reporter.extensionFailed(message, ingress, drop, error);
    } else this.#bug(attempt, error);
  }

  #bug({ packet: { datagram, ingress } }: Attempt<T>, error: unknown): void {
    this.#reporter.bug(ingress, bytesOf(datagram), error);
  }
}
