/** What a process is called, on any system. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { platform } from "node:os";
import { basename } from "node:path";

/** Of Linux's names only so much is kept. */
const LENGTH = 15;

/** The name of the program that a process runs, its first 15 characters; empty where there is no such process. */
export function nameOfProcess(pid: number, system: NodeJS.Platform = platform()): string {
  try {
    const name = system === "linux" ? readFileSync(`/proc/${pid}/comm`, "latin1") : askPs(pid);
    return basename(name.trimEnd()).slice(0, LENGTH);
  } catch {
    return "";
  }
}

function askPs(pid: number): string {
  return execFileSync("ps", ["-o", "comm=", "-p", String(pid)], {
    encoding: "latin1",
    stdio: ["ignore", "pipe", "ignore"],
  });
}
