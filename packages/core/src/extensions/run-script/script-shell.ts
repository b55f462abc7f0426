/**
 * Starts scripts beside service. A shell of its own does so: it is small, so that it begets a process in no time, while that
 * would take our main loop, with all of its memory, many milliseconds for each.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { setPriority } from "node:os";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { ExtensionLog } from "@kotare/extension";
import type { Milliseconds } from "../../base/clock.ts";
import { Timer } from "../../base/timer.ts";
import { RareLog } from "../rare-log.ts";
import type { Environment } from "./environment.ts";

export interface ScriptLimits {
  /** Scripts that run at a time. */
  readonly running: number;
  /** Calls that wait for their turn. */
  readonly waiting: number;
  /** A script that runs longer hangs. */
  readonly patience: Milliseconds;
}

/** As `nice` has it. */
const PRIORITY = 10;

const LIMITS: ScriptLimits = { running: 32, waiting: 4096, patience: 60_000 };
/** In which those that wait are started, when we end. */
const GRACE: Milliseconds = 5000;

type Shell = ChildProcessByStdio<Writable, Readable, null>;

interface Running {
  readonly what: string;
  readonly timer: Timer;
  pid: number | undefined;
}

export class ScriptShell {
  readonly #log: RareLog;
  readonly #path: string;
  readonly #limits: ScriptLimits;
  #shell: Shell | undefined;
  #next = 1;
  readonly #waiting: { readonly what: string; readonly command: string }[] = [];
  readonly #running = new Map<string, Running>();
  #onIdle: (() => void) | undefined;

  /** @param path of the script */
  constructor(path: string, log: ExtensionLog, limits = LIMITS) {
    this.#path = path;
    this.#log = new RareLog(log);
    this.#limits = limits;
  }

  /** Calls the script, when others have ended. It never waits. @param argument the script's one argument */
  call(argument: string, environment: Environment): void {
    const what = `${this.#path} ${argument}`;
    const { waiting } = this.#limits;
    if (this.#waiting.length === waiting) {
      this.#log.warn(`${what} was not called: ${waiting} calls wait already, since the script is too slow`);
      return;
    }
    const variables = Object.entries(environment).map(([name, value]) => `${name}=${quote(value)}`);
    const command = `/usr/bin/env -i ${variables.join(" ")} ${quote(this.#path)} ${quote(argument)}`;
    this.#waiting.push({ what, command });
    this.#start();
  }

  #start(): void {
    while (this.#running.size < this.#limits.running) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      const { what, command } = next;
      const id = String(this.#next++);
      const timer = Timer.after(this.#limits.patience, () => this.#kill(id)).unref();
      this.#running.set(id, { what, timer, pid: undefined });
      this.#shell ??= this.#open();
      // What scripts say goes where the daemon's errors go.
      this.#shell.stdin.write(
        `{ ${command} >&3 2>&3 3>&- & echo "${id} is $!"; wait $!; echo "${id} ended $?"; } &\n`,
        "latin1",
      );
    }
    if (this.#running.size === 0) this.#onIdle?.();
  }

  #open(): Shell {
    // What the shell itself has to say is of no use.
    const stdio = ["pipe", "pipe", "ignore", 2] as const;
    const shell = spawn("/bin/sh", [], { stdio: [...stdio], env: {} }) as Shell;
    giveWay(shell.pid);
    createInterface({ input: shell.stdout }).on("line", (line) => this.#take(line));
    shell.stdin.on("error", () => {});
    shell.on("error", (error) => this.#lose(shell, error.message));
    shell.on("exit", (code, signal) => this.#lose(shell, `its shell has ended (${signal ?? code})`));
    return shell;
  }

  #take(line: string): void {
    const [id = "", event, value] = line.split(" ");
    const running = this.#running.get(id);
    if (running === undefined) return;
    if (event === "is") {
      running.pid = Number(value);
      return;
    }
    running.timer.stop();
    this.#running.delete(id);
    if (value !== "0") this.#log.warn(`${running.what} has failed: exit status ${value}`);
    this.#start();
  }

  #kill(id: string): void {
    const { what, pid } = this.#running.get(id)!;
    this.#log.warn(`${what} has not ended after ${this.#limits.patience / 1000} s and is stopped`);
    try {
      if (pid !== undefined) process.kill(pid, "SIGKILL");
    } catch {
      // It has just ended.
    }
  }

  /** The next call has a new one. */
  #lose(shell: Shell, why: string): void {
    if (this.#shell !== shell) return;
    this.#shell = undefined;
    if (this.#running.size > 0) this.#log.warn(`${this.#path}: ${why}, and with it ${this.#running.size} calls`);
    for (const { timer } of this.#running.values()) timer.stop();
    this.#running.clear();
    this.#start();
  }

  /** Starts what waits, for some seconds. Scripts that run go on. */
  async stop(): Promise<void> {
    if (this.#running.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
        Timer.after(GRACE, resolve);
      });
    }
    for (const { timer } of this.#running.values()) timer.stop();
    if (this.#waiting.length > 0)
      this.#log.warn(`${this.#path} was not called ${this.#waiting.length} times: it is too slow`);
    this.#waiting.length = 0;
    this.#running.clear();
    this.#log.stop();
    this.#shell?.stdin.end();
    this.#shell = undefined;
  }
}

/** Where there is not enough processor for all, packets come first. */
function giveWay(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, PRIORITY);
  } catch {
    // They are as important, then.
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("\0", "").replaceAll("'", "'\\''")}'`;
}
