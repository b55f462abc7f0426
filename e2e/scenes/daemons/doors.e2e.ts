/** Node's own doors are not there: no signal and no environment opens the inspector of a daemon, or loads code into it. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Lab } from "../../src/lab/lab.ts";
import { delay, Program } from "../../src/lab/program.ts";
import { privateFolders } from "../../src/subject/server.ts";
import { top } from "../../src/top.ts";

const loggers = (name: string) => [{ name, output_options: [{ output: "stdout" }] }];

const DAEMONS = [
  {
    name: "dhcp4d",
    started: /DHCP4_STARTED/,
    config: { Dhcp4: { "interfaces-config": { interfaces: [] }, loggers: loggers("kea-dhcp4") } },
  },
  {
    name: "dhcp6d",
    started: /DHCP6_STARTED/,
    config: { Dhcp6: { "interfaces-config": { interfaces: [] }, loggers: loggers("kea-dhcp6") } },
  },
  { name: "d2d", started: /DHCP_DDNS_STARTED/, config: { DhcpDdns: { loggers: loggers("kea-dhcp-ddns") } } },
] as const;

/** Signals that ask nothing of a daemon, and end a program that has not thought of them. */
const STRAY = ["SIGUSR2", "SIGALRM", "SIGVTALRM", "SIGPROF", "SIGIO", "SIGPWR", "SIGSTKFLT"] as const;

type Masks = Readonly<Record<"Blk" | "Ign" | "Cgt", bigint>>;

/** What becomes of signals: of those blocked, ignored and caught, as the kernel has it. */
function masksOf(pid: number): Masks {
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  const read = (name: string) => BigInt(`0x${new RegExp(`^Sig${name}:\\s+(\\w+)$`, "m").exec(status)?.[1] ?? "0"}`);
  return { Blk: read("Blk"), Ign: read("Ign"), Cgt: read("Cgt") };
}

const bitOf = (signal: NodeJS.Signals) => 1n << BigInt(constants.signals[signal] - 1);

/** The launcher ignores it; then node blocks it, alone, until it listens to it. */
function survivesUsr1(pid: number): boolean {
  const { Blk, Ign, Cgt } = masksOf(pid);
  return ((Ign | Cgt) & bitOf("SIGUSR1")) !== 0n || Blk === bitOf("SIGUSR1");
}

/** Local addresses of TCP sockets that listen in the namespace, as the kernel writes them. */
function listening(pid: number): string[] {
  return ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, "latin1")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state]) => state === "0A")
      .map(([, local]) => local!),
  );
}

describe.each(DAEMONS)("$name", ({ name, started, config }) => {
  async function stage(
    env: (folder: string) => Record<string, string>,
    play: (program: Program, folder: string) => Promise<void>,
  ) {
    await using lab = new Lab();
    const file = join(lab.folder, "config.json");
    writeFileSync(file, JSON.stringify(config));
    const command = [join(top, `apps/${name}/bin/${name}`), "-c", file];
    const program = new Program(command, { env: { ...privateFolders(lab.folder), ...env(lab.folder) } });
    try {
      await play(program, lab.folder);
    } finally {
      await program.stop("SIGKILL");
    }
  }

  test("SIGUSR1 from the launcher's first lines on opens nothing and ends nothing", () =>
    stage(
      () => ({}),
      async (program) => {
        const listened = new Set<string>();
        let sent = 0;
        let isStarted = false;
        const start = program.waitFor(started).then(() => {
          isStarted = true;
        });
        while (!isStarted && program.running) {
          if (survivesUsr1(program.pid) && ++sent > 0) program.signal("SIGUSR1");
          for (const address of listening(program.pid)) listened.add(address);
          await delay(1);
        }
        await start;
        for (let i = 0; i < 20; i++) {
          program.signal("SIGUSR1");
          await delay(10);
          for (const address of listening(program.pid)) listened.add(address);
        }
        expect(sent).toBeGreaterThan(5);
        expect([...listened]).toEqual([]);
        expect(await program.stop()).toEqual({ code: 0, signal: null });
      },
    ));

  test("signals that ask nothing end nothing, from before its first own line on", () =>
    stage(
      () => ({}),
      async (program) => {
        while (program.running && program.lines.length === 0) {
          for (const signal of [...STRAY, "SIGHUP" as const]) {
            if ((masksOf(program.pid).Cgt & bitOf(signal)) !== 0n) program.signal(signal);
          }
          await delay(1);
        }
        await program.waitFor(started);
        for (const signal of STRAY) program.signal(signal);
        await delay(100);
        program.signal("SIGHUP");
        await program.waitFor(/CONFIG_COMPLETE/);
        expect(await program.stop()).toEqual({ code: 0, signal: null });
      },
    ));

  test("the environment loads nothing, traces nothing and writes nothing", () =>
    stage(
      (folder) => {
        const evil = join(folder, "evil.cjs");
        writeFileSync(evil, `require("node:fs").writeFileSync(${JSON.stringify(join(folder, "loaded"))}, "");`);
        return {
          NODE_OPTIONS: `--inspect=127.0.0.1:9231 --require=${evil}`,
          NODE_V8_COVERAGE: join(folder, "coverage"),
          NODE_REDIRECT_WARNINGS: join(folder, "warnings"),
          NODE_DEBUG: "net,fs,module,timer",
          NODE_EXTRA_CA_CERTS: join(folder, "no-such-file"),
          NODE_TLS_REJECT_UNAUTHORIZED: "0",
          NODE_REPL_EXTERNAL_MODULE: evil,
          NODE_INSPECT_RESUME_ON_START: "1",
          NODE_PRESERVE_SYMLINKS: "1",
          NODE_PENDING_DEPRECATION: "1",
          OPENSSL_CONF: join(folder, "no-such-file"),
        };
      },
      async (program, folder) => {
        await program.waitFor(started);
        expect(readFileSync(`/proc/${program.pid}/environ`, "latin1")).not.toMatch(/(?:^|\0)(?:NODE|OPENSSL)_/);
        expect(listening(program.pid)).toEqual([]);
        expect(await program.stop()).toEqual({ code: 0, signal: null });
        expect(program.lines.filter((line) => !/ \[kea-/.test(line))).toEqual([]);
        const made = readdirSync(folder).filter((each) => /loaded|coverage|warnings/.test(each));
        expect(made).toEqual([]);
      },
    ));
});
