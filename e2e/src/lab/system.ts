/** A Debian system of a test's own: what e2e/bin/setup-root has made, with changes that vanish with the test. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { top } from "../top.ts";
import { type Host, type Lab, run } from "./lab.ts";
import { delay, type Program } from "./program.ts";

/** Milliseconds that systemd may take to start. */
const PATIENCE = 60_000;
const MADE = join(top, ".cache/debian/system");

/** Whether there is one to be had here. */
export function hasSystem(): boolean {
  return existsSync(join(top, ".cache/debian/system-is"));
}

export class System implements Disposable {
  /** Its root directory, seen from here. */
  readonly root: string;

  constructor(lab: Lab) {
    const folder = mkdtempSync(join(lab.folder, "system-"));
    this.root = join(folder, "root");
    for (const part of ["work", "upper", "root"]) mkdirSync(join(folder, part));
    const layers = `lowerdir=${MADE},upperdir=${join(folder, "upper")},workdir=${join(folder, "work")}`;
    run("mount", "-t", "overlay", "overlay", "-o", layers, this.root);
    run("mount", "-t", "proc", "proc", join(this.root, "proc"));
  }

  /** Runs a short command in it, which nothing else does yet. @throws Error when it fails */
  run(...command: string[]): string {
    const environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8"];
    return run("chroot", this.root, "env", "-i", ...environment, ...command);
  }

  /** Starts its systemd as a host of the lab. */
  async boot(host: Host): Promise<BootedSystem> {
    const namespaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--cgroup"];
    const program = host.start([...namespaces, join(top, "e2e/src/lab/boot.sh"), this.root]);
    const booted = new BootedSystem(program);
    await booted.started();
    return booted;
  }

  [Symbol.dispose](): void {
    run("umount", "--recursive", this.root);
  }
}

export class BootedSystem implements AsyncDisposable {
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
  }

  /** Runs a short command in it. @throws Error when it fails */
  run(...command: string[]): string {
    const init = readFileSync(`/proc/${this.#program.pid}/task/${this.#program.pid}/children`, "latin1").trim();
    const namespaces = ["--mount", "--pid", "--cgroup", "--net", "--root", "--wd"];
    return run("nsenter", "--target", init, ...namespaces, ...command);
  }

  /** Waits until systemd has started everything. */
  async started(): Promise<void> {
    for (const end = performance.now() + PATIENCE; ; await delay(200)) {
      try {
        const state = this.run("sh", "-c", "systemctl is-system-running --wait || true").trim();
        // Modules of the kernel cannot be loaded here.
        if (state === "running" || state === "degraded") return;
        throw new Error(`systemd is ${state}`);
      } catch (error) {
        if (!this.#program.running || performance.now() > end) throw error;
      }
    }
  }

  /** Properties of a unit, such as `ActiveState`. */
  show(unit: string, ...properties: string[]): Record<string, string> {
    const lines = this.run("systemctl", "show", unit, `--property=${properties.join(",")}`)
      .trim()
      .split("\n");
    return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.stop("SIGKILL");
  }
}
