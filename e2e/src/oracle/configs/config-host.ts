/** A daemon, Kea's or ours, that is given one configuration after the other and says what each has become. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Host, Lab } from "../../lab/lab.ts";
import { delay, findProgram, type Program } from "../../lab/program.ts";
import { sendCommand } from "../../subject/command.ts";
import { privateFolders } from "../../subject/server.ts";
import { top } from "../../top.ts";

/** The one key of a file. */
export type Root = "Dhcp4" | "Dhcp6" | "DhcpDdns";

type Side = "kea" | "kotare";

export const DAEMONS: Readonly<Record<Root, Readonly<Record<Side, string>>>> = {
  Dhcp4: { kea: "kea-dhcp4", kotare: join(top, "apps/dhcp4d/bin/dhcp4d") },
  Dhcp6: { kea: "kea-dhcp6", kotare: join(top, "apps/dhcp6d/bin/dhcp6d") },
  DhcpDdns: { kea: "kea-dhcp-ddns", kotare: join(top, "apps/d2d/bin/d2d") },
};

/** Milliseconds until a daemon takes commands: a busy machine takes seconds to start one. */
const PATIENCE = 60_000;

export type ConfigMap = Readonly<Record<string, unknown>>;

export class ConfigHost {
  /** Where its files may be. */
  readonly folder: string;
  readonly #root: Root;
  readonly #file: string;
  readonly #socket: string;

  private constructor(root: Root, folder: string) {
    this.#root = root;
    this.folder = folder;
    this.#file = join(folder, "config");
    this.#socket = join(folder, "socket");
  }

  static async start(subject: Side, root: Root, lab: Lab, host: Host): Promise<ConfigHost> {
    const folder = join(lab.folder, `${subject}-${root}`);
    mkdirSync(folder, { mode: 0o750 });
    const started = new ConfigHost(root, folder);
    // Each file of the examples that is to hold a secret.
    for (const name of ["d2-sha1-secret", "d2-sha256-secret"]) {
      writeFileSync(join(folder, name), "LSWXnfkKZjdPJI5QxlpnfQ==", { mode: 0o640 });
    }
    started.#give(root === "DhcpDdns" ? {} : { "lease-database": { type: "memfile", persist: false } });
    const env = { ...privateFolders(folder), KEA_LFC_EXECUTABLE: findProgram("kea-lfc") ?? "kea-lfc" };
    const program = host.start([DAEMONS[root][subject], "-c", started.#file], { env, cwd: folder });
    await started.#waitFor(program);
    return started;
  }

  async #waitFor(program: Program): Promise<void> {
    for (const end = performance.now() + PATIENCE; !existsSync(this.#socket); await delay(20)) {
      if (program.running && performance.now() < end) continue;
      throw new Error(`${program.name} takes no commands:\n${program.lines.slice(-10).join("\n")}`);
    }
  }

  /** A file as the daemon is to read it, with the socket that we reach it by. */
  #give(inner: ConfigMap): void {
    const socket = { "socket-type": "unix", "socket-name": this.#socket };
    const text = JSON.stringify({ [this.#root]: { ...inner, "control-socket": socket } }, undefined, 1);
    writeFileSync(this.#file, text, { encoding: "latin1", mode: 0o640 });
  }

  /** @returns what it has against the file; `undefined` when it is in force */
  async take(inner: ConfigMap): Promise<string | undefined> {
    this.#give(inner);
    const { result, text } = await this.#ask("config-reload");
    return result === 0 ? undefined : text;
  }

  /** What `config-get` says. */
  async get(): Promise<ConfigMap> {
    const { arguments: found } = await this.#ask("config-get");
    return found![this.#root] as ConfigMap;
  }

  /** @returns the file that `config-write` made */
  async write(): Promise<string> {
    const {
      result,
      text,
      arguments: written,
    } = await this.#ask("config-write", { filename: join(this.folder, "out") });
    if (result !== 0) throw new Error(text);
    return written!["filename"] as string;
  }

  async #ask(command: string, args?: ConfigMap): Promise<{ result: number; text?: string; arguments?: ConfigMap }> {
    return JSON.parse(await sendCommand(this.#socket, command, args));
  }
}
