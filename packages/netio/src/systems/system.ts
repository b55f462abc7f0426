/** What differs between the systems that we run on, apart from their kernels' sockets: one file for each says it. */

import { execFileSync } from "node:child_process";

/**
 * How a kernel treats 255.255.255.255. On Linux a socket can be bound to it, and what is sent to it leaves by the interface of
 * the socket's address. Elsewhere a socket of all addresses gets it, and only a subnet's own broadcast address leads to the
 * subnet's interface.
 */
export type BroadcastWays = "by 255.255.255.255" | "by subnet";

export interface System {
  /** Where a daemon keeps its files, unless it is told otherwise. */
  readonly places: {
    readonly data: string;
    readonly run: string;
    readonly extensions: string;
    readonly scripts: string;
    readonly manual: string;
  };
  /** The socket of the system's log daemon. */
  readonly syslogSocket: string;
  /** A program that takes the lock of descriptor 3; it ends with 1, or EX_TEMPFAIL, where somebody else has it. */
  readonly locker: readonly [program: string, ...words: string[]];
  readonly broadcastWays: BroadcastWays;
  /** What helps who is refused for lack of a capability of Linux. */
  privilegeAdvice(capability: string): string;
  /** The command that lists who has a UDP port. */
  portLister(port: number): string;
  /** @returns the name of a process, perhaps with its path and a line end @throws where there is none of that number */
  readProcessName(pid: number): string;
  /** Has this process found by a name. */
  takeProcessName(name: string): void;
  /** Has this process get a processor as soon as it has something to do, also where others use them all. */
  takeShortSlices(): void;
}

/** For a lock where there is no program for it. */
export const PERL_LOCKER = [
  "perl",
  "-e",
  "use Fcntl ':flock'; open(F, '<&=', 3) or die $!; exit !flock(F, LOCK_EX | LOCK_NB)",
] as const;

/** What all systems but Linux have in common. */
export const UNIX = {
  broadcastWays: "by subnet",
  privilegeAdvice: () => "start it as root",
  readProcessName: (pid: number) =>
    execFileSync("ps", ["-o", "comm=", "-p", String(pid)], {
      encoding: "latin1",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  takeProcessName(name: string) {
    process.title = name;
  },
  takeShortSlices: () => undefined,
} as const;
