/** The `loggers` list of a configuration, as far as logging itself needs it. */
import { isAbsolute, join } from "node:path";
import type { Threshold } from "./levels.ts";

export interface OutputConfig {
  /** `stdout`, `stderr`, `syslog`, `syslog:FACILITY`, or a file. */
  readonly output: string;
  /** Accepted for Kea's sake: every line is written within milliseconds either way. */
  readonly flush: boolean;
  /** Bytes at which a file is put aside; below `ROTATION_MINIMUM` never. */
  readonly maxsize: number;
  /** How many files put aside are kept, as `.1`, `.2`, … */
  readonly maxver: number;
  /** log4cplus pattern; empty for the default of the destination. */
  readonly pattern: string;
}

export interface LoggerConfig {
  /** `kea-dhcp4`, or a child such as `kea-dhcp4.leases`. */
  readonly name: string;
  readonly severity: Threshold;
  /** 0 to 99; counts for severity DEBUG only. */
  readonly debuglevel: number;
  /** Empty: those of the root logger. */
  readonly "output-options": readonly OutputConfig[];
}

/** Kea never rotates at less than this. */
export const ROTATION_MINIMUM = 204_800;

/** One output with Kea's defaults. */
export function outputTo(output: string): OutputConfig {
  return { output, flush: true, maxsize: 10_240_000, maxver: 1, pattern: "" };
}

/** A relative file means the daemon's own log directory, as in Kea. */
export function resolveOutput(output: string, logDirectory: string): string {
  if (output === "stdout" || output === "stderr" || output === "syslog" || output.startsWith("syslog:")) return output;
  return isAbsolute(output) ? output : join(logDirectory, output);
}
