import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock } from "../base/clock.ts";
import { CrashDisk } from "./crash-disk.ts";
import { describeLeaseStore } from "./lease-store.contract.ts";
import { Memfile, type MemfileOptions } from "./memfile.ts";

const clock = new ManualClock();

function options(path: string): MemfileOptions {
  return {
    path,
    lfcInterval: 0,
    maxRowErrors: 0,
    subnetCheck: { mode: "none", subnetIdOf: () => undefined },
    clock,
    report: () => {},
  };
}

describeLeaseStore("a lease file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "leases-"));
  return {
    now: clock.wall(),
    open: () => Memfile.open(options(join(folder, "kea-leases4.csv"))),
    dispose: () => rm(folder, { recursive: true }),
  };
});

describeLeaseStore("a lease file on the disk of the crash tests", async () => {
  let image = new CrashDisk().image;
  return {
    now: clock.wall(),
    async open() {
      const disk = new CrashDisk(image);
      const store = await Memfile.open({ ...options("/leases/kea-leases4.csv"), disk });
      const close = store.close.bind(store);
      return Object.assign(store, {
        async close() {
          await close();
          image = disk.image;
        },
      });
    },
    dispose: async () => {},
  };
});
