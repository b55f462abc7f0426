/** Our daemons by Kea's names: the launchers in deploy/kea-names give the process one as its first word. */
import { writeFileSync } from "node:fs";
import { platform } from "node:os";
import { basename } from "node:path";

/** @param keaName Kea's name for the daemon */
export function goesByKeaName(keaName: string): boolean {
  return basename(process.argv0) === keaName;
}

/** `ps` and tools that look for a process find this name. Node's own way wipes the arguments, so it is for other systems. */
export function takeProcessName(name: string): void {
  if (platform() === "linux") writeFileSync("/proc/self/comm", name);
  else process.title = name;
}
