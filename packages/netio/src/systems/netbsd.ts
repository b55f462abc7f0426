/** NetBSD: where things are, and by which programs. */

import { type System, UNIX } from "./system.ts";

/** The places are those of pkgsrc. */
export const netbsd: System = {
  ...UNIX,
  places: {
    data: "/var/db/kea",
    run: "/var/run/kea",
    extensions: "/usr/pkg/lib/kotare/extensions",
    scripts: "/usr/pkg/share/kea/scripts",
    manual: "/usr/pkg/share/kotare/manual",
  },
  syslogSocket: "/var/run/log",
  locker: ["flock", "-n", "3"],
  portLister: (port) => `sockstat -p ${port}`,
};
