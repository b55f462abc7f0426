/** What became of the messages of one step: each that was sent is answered, refused, lost or still waiting. */
import { Histogram } from "./histogram.ts";

/** A reply that somebody waited long for. */
export interface SlowReply {
  /** When its message was sent: milliseconds since 1970. */
  readonly sent: number;
  /** Milliseconds. */
  readonly delay: number;
}

/** One message of an exchange and its reply. */
export class LegTally {
  sent = 0;
  answered = 0;
  /** Answered, but not with what was asked for: by DHCPNAK, or without an address. */
  refused = 0;
  /** No answer within the patience. */
  lost = 0;
  /** Came after all; these are among the lost. */
  late = 0;
  duplicates = 0;
  /** Answered with another lease than the client had. */
  moved = 0;
  /** The kernel did not take the message; it is not among the sent. */
  unsent = 0;
  readonly delays = new Histogram();
  /** Those with delays that were to be listed. */
  readonly slow: SlowReply[] = [];
}

export class StepTally {
  /** One for each message of an exchange. */
  readonly legs: readonly LegTally[];
  /** Exchanges that came to their end: all that was asked for was given. */
  completed = 0;
  /** Exchanges that should have begun, when the generator was busy elsewhere. */
  skipped = 0;
  /** Milliseconds that an exchange began too late, at most. */
  lag = 0;

  constructor(legs: number) {
    this.legs = Array.from({ length: legs }, () => new LegTally());
  }
}
