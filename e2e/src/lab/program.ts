/** A program under test: its output as lines, its end as a promise, what it costs in CPU time and memory. */
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Usage {
  /** Seconds of CPU time, user and system, of all threads. */
  readonly cpu: number;
  /** Resident bytes. */
  readonly memory: number;
}

interface Waiter {
  readonly pattern: RegExp;
  readonly found: (line: string) => void;
}

/** Kernel clock ticks a second, as /proc counts CPU time: 100 on every Linux that Node runs on. */
const TICKS = 100;

/** How often in succession a program is seen to sleep that has nothing to do, and milliseconds between. */
const CALM_LOOKS = 3;
const BETWEEN_LOOKS = 10;

/** Where a program is in PATH; `undefined` when it is not installed. */
export function findProgram(name: string): string | undefined {
  const { PATH = "" } = process.env;
  for (const folder of PATH.split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

export class Program {
  readonly name: string;
  /** Everything it wrote so far, stdout and stderr in the order of arrival. */
  readonly lines: string[] = [];
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #waiters = new Set<Waiter>();
  readonly #followers: ((line: string) => void)[] = [];
  #exit: Exit | undefined;

  constructor(command: readonly string[], options: { env?: Record<string, string>; cwd?: string; name?: string } = {}) {
    const [program, ...args] = command;
    this.name = options.name ?? program!;
    this.#child = spawn(program!, args, {
      env: { ...process.env, ...options.env },
      cwd: options.cwd,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      createInterface({ input: stream }).on("line", (line) => this.#take(line));
    }
    this.exited = new Promise((resolve) => {
      this.#child.once("error", (error) => this.#take(`${error.message}`));
      this.#child.once("close", (code, signal) => {
        this.#exit = { code, signal };
        resolve(this.#exit);
      });
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get running(): boolean {
    return this.#exit === undefined;
  }

  get output(): string {
    return this.lines.join("\n");
  }

  #take(line: string): void {
    this.lines.push(line);
    for (const follower of this.#followers) follower(line);
    for (const waiter of this.#waiters) if (waiter.pattern.test(line)) waiter.found(line);
  }

  /**
   * The first line that matches, among those from index `from` on.
   * @throws Error with the output's end when the program ends first or `timeout` milliseconds pass
   */
  async waitFor(pattern: RegExp, { timeout = 60_000, from = 0 } = {}): Promise<string> {
    const already = this.lines.slice(from).find((line) => pattern.test(line));
    if (already !== undefined) return already;
    const { promise, cancel } = this.#nextLine(pattern);
    const timer = new AbortController();
    try {
      const outcome = await Promise.race([
        promise,
        this.exited.then(() => undefined),
        delay(timeout, timer.signal).then(() => undefined),
      ]);
      if (outcome !== undefined) return outcome;
    } finally {
      cancel();
      timer.abort();
    }
    const why = this.running ? `within ${timeout} ms` : `before it ended (${JSON.stringify(this.#exit)})`;
    throw new Error(
      `${this.name} wrote no line ${pattern} ${why}; its last lines:\n${this.lines.slice(-30).join("\n")}`,
    );
  }

  #nextLine(pattern: RegExp): { promise: Promise<string>; cancel: () => void } {
    let waiter: Waiter;
    const promise = new Promise<string>((found) => {
      waiter = { pattern, found };
      this.#waiters.add(waiter);
    });
    return { promise, cancel: () => this.#waiters.delete(waiter) };
  }

  /** Calls `follower` with each line, those already written first. */
  follow(follower: (line: string) => void): void {
    for (const line of this.lines) follower(line);
    this.#followers.push(follower);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Asks it to end and waits; what has not ended after `patience` milliseconds is killed. */
  async stop(signal: NodeJS.Signals = "SIGTERM", patience = 30_000): Promise<Exit> {
    if (!this.running) return this.exited;
    this.signal(signal);
    const timer = new AbortController();
    const exit = await Promise.race([this.exited, delay(patience, timer.signal).then(() => undefined)]);
    timer.abort();
    if (exit !== undefined) return exit;
    this.signal("SIGKILL");
    return this.exited;
  }

  /** Resolves once all its threads sleep, and have for a while: a busy machine lets a program wait that has something to do. */
  async settled(): Promise<void> {
    for (let looks = 0; looks < CALM_LOOKS; await delay(BETWEEN_LOOKS)) looks = this.#isAsleep() ? looks + 1 : 0;
  }

  #isAsleep(): boolean {
    if (!this.running) return true;
    const tasks = `${this.pid}/task`;
    return readdirSync(`/proc/${tasks}`).every((task) => (readStat(`${tasks}/${task}`)?.fields[0] ?? "S") === "S");
  }

  usage(): Usage {
    const { fields } = readStat(this.pid) ?? {};
    if (fields === undefined) throw new Error(`process ${this.pid} has ended`);
    return { cpu: (Number(fields[11]) + Number(fields[12])) / TICKS, memory: Number(fields[21]) * 4096 };
  }
}

/** Seconds of CPU time that all programs of a name have taken which run, and their children that have ended. */
export function cpuOf(name: string): number {
  let ticks = 0;
  for (const pid of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const stat = readStat(pid);
    if (stat?.name === name) for (const field of [11, 12, 13, 14]) ticks += Number(stat.fields[field]);
  }
  return ticks / TICKS;
}

/** Fields count from behind the command name, which may itself hold spaces and parentheses. */
function readStat(pid: number | string): { readonly name: string; readonly fields: readonly string[] } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const end = stat.lastIndexOf(")");
    return { name: stat.slice(stat.indexOf("(") + 1, end), fields: stat.slice(end + 2).split(" ") };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}

/**
 * Resolves after `ms` milliseconds, or at once when `signal` aborts. What has come meanwhile is read by then: timers go
 * before it, and a process that was kept from both for longer would take that for silence.
 */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => setImmediate(resolve), ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
