/** What a process is called, on any system. */
import { basename } from "node:path";
import { thisSystem } from "@kotare/netio/systems/this-system";

/** Of Linux's names only so much is kept. */
const LENGTH = 15;

/** The name of the program that a process runs, its first 15 characters; empty where there is no such process. */
export function nameOfProcess(pid: number, { readProcessName } = thisSystem): string {
  try {
    return basename(readProcessName(pid).trimEnd()).slice(0, LENGTH);
  } catch {
    return "";
  }
}
