/** Our daemons by Kea's names: the launchers in deploy/kea-names give the process one as its first word. */
import { basename } from "node:path";

/** @param keaName Kea's name for the daemon */
export function goesByKeaName(keaName: string): boolean {
  return basename(process.argv0) === keaName;
}
