/** What the rest of the program knows of logging. */
import type { Arguments, Message, MessageHead } from "./catalogue.ts";

export interface Logger {
  /** Whether `log` would write this message: for callers whose arguments cost something to gather. */
  isEnabled(message: MessageHead): boolean;
  /** Writes one line, beside service: never blocks, never throws. Checks the level before anything else. */
  log<A extends Arguments>(message: Message<A>, ...values: NoInfer<A>): void;
}
