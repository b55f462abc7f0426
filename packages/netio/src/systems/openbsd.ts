/** OpenBSD: where things are, and by which programs. */

import { PERL_LOCKER, type System, UNIX } from "./system.ts";

export const openbsd: System = {
  ...UNIX,
  places: {
    data: "/var/db/kea",
    run: "/var/run/kea",
    extensions: "/usr/local/lib/kotare/extensions",
    scripts: "/usr/local/share/kea/scripts",
    manual: "/usr/local/share/kotare/manual",
  },
  syslogSocket: "/dev/log",
  locker: PERL_LOCKER,
  portLister: (port) => `fstat | grep :${port}`,
};
