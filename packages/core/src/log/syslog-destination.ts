/** The system's log daemon: one datagram a line to its socket. */
import { thisSystem } from "@kotare/netio/systems/this-system";
import type { Destination } from "./destination.ts";
import { Layout } from "./layout.ts";
import type { Severity } from "./levels.ts";

const LINE_FEED = 0x0a;

/** RFC 5424 §6.2.1, by the names that Kea takes. */
const facilities = {
  KERN: 0,
  USER: 1,
  MAIL: 2,
  DAEMON: 3,
  AUTH: 4,
  SYSLOG: 5,
  LPR: 6,
  NEWS: 7,
  UUCP: 8,
  CRON: 9,
  AUTHPRIV: 10,
  FTP: 11,
  LOCAL0: 16,
  LOCAL1: 17,
  LOCAL2: 18,
  LOCAL3: 19,
  LOCAL4: 20,
  LOCAL5: 21,
  LOCAL6: 22,
  LOCAL7: 23,
} as const;

const syslogSeverity: Readonly<Record<Severity, number>> = { FATAL: 2, ERROR: 3, WARN: 4, INFO: 6, DEBUG: 7 };

/** @param output `syslog`, or `syslog:FACILITY` in any case. What is not known means LOCAL0, as in Kea. */
export function syslogFacility(output: string): number {
  const name = output.slice("syslog:".length).toUpperCase();
  return Object.hasOwn(facilities, name) ? facilities[name as keyof typeof facilities] : facilities.LOCAL0;
}

/** The number in angle brackets before a line. */
export function syslogPriority(facility: number, severity: Severity): number {
  return facility * 8 + syslogSeverity[severity];
}

/** RFC 3164 §4.1: the header that syslog(3) would write, then the line. */
export function syslogLayout(pattern: string, program: string, facility: number): Layout {
  return new Layout(`%D{%b %e %H:%M:%S} ${program}[%i]: ${pattern}%n`, program, (severity) => {
    return `<${syslogPriority(facility, severity)}>`;
  });
}

export class SyslogDestination implements Destination {
  readonly #send: (path: string, bytes: Uint8Array) => void;

  /** @param send sends one AF_UNIX datagram; throws when nobody listens */
  constructor(send: (path: string, bytes: Uint8Array) => void) {
    this.#send = send;
  }

  async write(lines: Uint8Array): Promise<void> {
    this.writeSync(lines);
  }

  writeSync(lines: Uint8Array): void {
    for (let at = 0; at < lines.length; ) {
      const end = lines.indexOf(LINE_FEED, at);
      if (end > at) this.#send(thisSystem.syslogSocket, lines.subarray(at, end));
      at = end + 1;
    }
  }

  reopen(): void {}

  async close(): Promise<void> {}
}
