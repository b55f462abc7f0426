/** A logger for tests: keeps what it is told. */
import type { Arguments, Message, Values } from "../catalogue.ts";
import type { Logger } from "../logger.ts";

export class RecordingLogger implements Logger {
  /** `ID text` of every message, whatever its level. */
  readonly lines: string[] = [];

  isEnabled(): boolean {
    return true;
  }

  log(message: Message<Arguments>, values?: Values): void {
    this.lines.push(message.format(values));
  }

  /** Lines that came more than once. */
  get repeated(): readonly string[] {
    return this.lines.filter((line, i) => this.lines.indexOf(line) !== i);
  }

  /** The ids of the messages so far, in order. */
  get ids(): readonly string[] {
    return this.lines.map((line) => line.slice(0, line.indexOf(" ")));
  }
}
