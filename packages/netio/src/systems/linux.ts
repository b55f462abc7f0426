/** Linux: where things are, and by which programs. */

import { readFileSync, writeFileSync } from "node:fs";
import { native, nativeFault } from "../native.ts";
import type { System } from "./system.ts";

/** Kea's places are those of Debian's packages. */
export const linux: System = {
  places: {
    data: "/var/lib/kea",
    run: "/run/kea",
    extensions: "/usr/lib/kotare/extensions",
    scripts: "/usr/share/kea/scripts",
    manual: "/usr/share/kotare/manual",
  },
  syslogSocket: "/dev/log",
  locker: ["flock", "-n", "3"],
  broadcastWays: "by 255.255.255.255",
  privilegeAdvice: (capability) => `give the process ${capability}`,
  portLister: (port) => `ss -ulpn sport = :${port}`,
  readProcessName: (pid) => readFileSync(`/proc/${pid}/comm`, "latin1"),
  // Node's own way would wipe the arguments.
  takeProcessName: (name) => writeFileSync("/proc/self/comm", name),
  takeShortSlices() {
    // Where it is refused, or unknown to the kernel, everything is as it was.
    if (nativeFault === undefined) native.takeShortSlices();
  },
};
