/** FreeBSD: where things are, and by which programs. */

import { type System, UNIX } from "./system.ts";

/** The places are those of the port. */
export const freebsd: System = {
  ...UNIX,
  places: {
    data: "/var/db/kea",
    run: "/var/run/kea",
    extensions: "/usr/local/lib/kotare/extensions",
    scripts: "/usr/local/share/kea/scripts",
    manual: "/usr/local/share/kotare/manual",
  },
  syslogSocket: "/var/run/log",
  locker: ["lockf", "-s", "-t", "0", "3"],
  portLister: (port) => `sockstat -P udp -p ${port}`,
};
