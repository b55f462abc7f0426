/** A forensic log that goes to the system's log daemon, line by line. */
import type { ExtensionLog } from "@kotare/extension";
import { thisSystem } from "@kotare/netio/systems/this-system";
import { sendUnixDatagram } from "@kotare/netio/unix-datagram";
import type { Clock } from "../../base/clock.ts";
import { TextWriter } from "../../ip/text-writer.ts";
import { DEFAULT_SYSLOG_PATTERN, type Layout } from "../../log/layout.ts";
import { syslogFacility, syslogLayout } from "../../log/syslog-destination.ts";
import { legalMessages } from "../messages.ts";
import { RareLog } from "../rare-log.ts";
import type { LegalEntry, LegalStore } from "./legal-store.ts";

export interface LegalSyslogOptions {
  /** Of the daemon, as Kea calls it. */
  readonly program: string;
  /** Of log4cplus; empty for Kea's usual one. */
  readonly pattern: string;
  /** `LOCAL0`, in any case. */
  readonly facility: string;
}

const LINE_FEED = 0x0a;

export class LegalSyslog implements LegalStore {
  readonly #layout: Layout;
  readonly #clock: Clock;
  readonly #log: RareLog;
  readonly #send: typeof sendUnixDatagram;
  readonly #line = new TextWriter(512);
  #missing = 0;

  /** @param send sends a datagram; throws when nobody takes it */
  constructor(
    { program, pattern, facility }: LegalSyslogOptions,
    clock: Clock,
    log: ExtensionLog,
    send = sendUnixDatagram,
  ) {
    this.#layout = syslogLayout(pattern || DEFAULT_SYSLOG_PATTERN, program, syslogFacility(`syslog:${facility}`));
    this.#clock = clock;
    this.#log = new RareLog(log);
    this.#send = send;
  }

  async append(entries: readonly LegalEntry[]): Promise<void> {
    for (const line of entries.flatMap(({ text }) => text.split("\n"))) {
      if (this.#missing > 0 && !this.#write(`${this.#missing} lines are missing here that syslog did not take`)) {
        this.#missing++;
        continue;
      }
      this.#missing = this.#write(line) ? 0 : 1;
    }
  }

  /** @returns whether syslog has taken it */
  #write(entry: string): boolean {
    this.#line.clear();
    this.#layout.write(this.#line, Math.floor(1000 * this.#clock.wall()), legalMessages.LEGAL_LOG_SYSLOG, { entry });
    const { written } = this.#line;
    try {
      this.#send(thisSystem.syslogSocket, written.subarray(0, written.findLastIndex((byte) => byte !== LINE_FEED) + 1));
      return true;
    } catch (error) {
      this.#log.warn(`syslog does not take the forensic log: ${(error as Error).message}`);
      return false;
    }
  }

  async close(): Promise<void> {
    this.#log.stop();
  }
}
