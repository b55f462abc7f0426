/** What an operator and a service manager see of dhcp4d's life: who keeps it from starting, and what it says in the journal. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Host, Lab } from "../../src/lab/lab.ts";
import type { Program } from "../../src/lab/program.ts";
import { ourDaemon, privateFolders } from "../../src/subject/server.ts";
import { top } from "../../src/top.ts";
import { getServed } from "../../src/wire/dora.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

/** A host with eth0, and a folder. */
async function stage(play: (host: Host, folder: string) => Promise<void>): Promise<void> {
  await using lab = new Lab();
  const host = lab.host("server");
  const lan = lab.network();
  host.attach(lan, "eth0", "10.0.0.1/16");
  // No address: it is a client's.
  host.attach(lan, "client");
  const folder = join(lab.folder, "server");
  mkdirSync(folder, { mode: 0o750 });
  await play(host, folder);
}

interface Start {
  /** What starts the daemon. */
  readonly under?: readonly string[];
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

function start(host: Host, folder: string, file: string, inner: object, options: Start = {}): Program {
  const { under = [], flags = [], env = {} } = options;
  writeConfig(folder, file, inner);
  const command = [...under, ourDaemon(4), "-c", file, ...flags];
  return host.start(command, { env: { ...privateFolders(folder), ...env }, cwd: folder });
}

function writeConfig(folder: string, file: string, inner: object): void {
  const config = { "interfaces-config": { interfaces: ["eth0"] }, ...inner };
  writeFileSync(join(folder, file), JSON.stringify({ Dhcp4: config }));
}

/** What comes behind the times of lines. */
function said(program: Program, from = 0): string[] {
  return program.lines
    .slice(from)
    .flatMap((line) => / (DHCP4_(?:START|SHUT|INIT|DYN|CONFIG_)\S* .*)/.exec(line)?.[1] ?? []);
}

test("a second daemon says who has the pid file, or the lease file, without a trace, and ends with 75", () =>
  stage(async (host, folder) => {
    const first = start(host, folder, "a.conf", {});
    await first.waitFor(/DHCP4_STARTED/);
    const { pid } = first;
    const second = start(host, folder, "a.conf", {});
    expect(await second.exited).toEqual({ code: 75, signal: null });
    expect(second.lines.at(-1)).toContain(
      `DHCP4_ALREADY_RUNNING kea-dhcp4 already running? PID: ${pid} exists, PID file: ${folder}/a.kea-dhcp4.pid`,
    );
    const third = start(host, folder, "b.conf", {});
    expect(await third.exited).toEqual({ code: 75, signal: null });
    expect(third.lines.at(-1)).toContain(
      `in use by another daemon (process ${pid} holds ${folder}/kea-leases4.csv.lock): stop that one`,
    );
    expect([...second.lines, ...third.lines].join("\n")).not.toMatch(/ at .*:\d+:\d+/);
    await first.stop();
  }));

test("the code that was compiled when the daemon was built is taken with the flags that it is started with", () =>
  stage(async (host, folder) => {
    const program = start(host, folder, "a.conf", {});
    await program.waitFor(/DHCP4_STARTED/);
    const [node, ...words] = readFileSync(`/proc/${program.pid}/cmdline`, "utf8").split("\0");
    await program.stop();
    const at = words.findIndex((word) => word.endsWith("start.cjs"));
    // What node runs first is run once more, up to where it has compiled the code, or not.
    const script = `const vm = require("node:vm");
      vm.Script = class extends vm.Script {
        constructor(...given) {
          super(...given);
          console.log(this.cachedDataRejected);
          process.exit();
        }
      };
      require(process.argv[1]);`;
    expect(host.run(node!, ...words.slice(0, at), "-e", script, words[at]!).trim()).toBe("false");
  }));

/** As V8 reports it. */
interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly { readonly functionName: string; readonly ranges: readonly { count: number }[] }[];
  }[];
}

test("a start rehearses a command over HTTP where somebody may send one, and only there", () =>
  stage(async (host, folder) => {
    /** How often a start reads what somebody has sent, though nobody has. */
    const countBodies = async (name: string, sockets: readonly object[]): Promise<number> => {
      const reports = join(folder, name);
      writeConfig(folder, `${name}.conf`, { "control-sockets": sockets });
      // The launcher would take the variable away.
      const program = host.start([process.execPath, join(top, "apps/dhcp4d/dist/start.cjs"), "-c", `${name}.conf`], {
        env: { ...privateFolders(folder), NODE_V8_COVERAGE: reports },
        cwd: folder,
      });
      await program.waitFor(/DHCP4_STARTED/);
      await program.stop();
      const [report] = readdirSync(reports);
      const { result } = JSON.parse(readFileSync(join(reports, report!), "utf8")) as Coverage;
      const { functions } = result.find(({ url }) => url.endsWith("daemon.cjs"))!;
      return functions.find(({ functionName }) => functionName === "readBody")!.ranges[0]!.count;
    };
    const unix = { "socket-type": "unix", "socket-name": "control" };
    const http = { "socket-type": "http", "socket-address": "127.0.0.1" };
    expect([await countBodies("unix", [unix]), await countBodies("both", [unix, http])]).toEqual([0, 1]);
  }));

test("in the journal lines have a priority and no time of their own", () =>
  stage(async (host, folder) => {
    // systemd.exec(5): what systemd puts there where standard output is the journal's.
    const journal = 'exec 3>&1; JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/3); export JOURNAL_STREAM; exec "$@"';
    const program = start(
      host,
      folder,
      "a.conf",
      {},
      {
        under: ["sh", "-c", journal, "sh"],
      },
    );
    await program.waitFor(/DHCP4_STARTED/);
    expect(program.lines[0]).toMatch(/^<6>INFO {2}\[kea-dhcp4\.dhcp4\.0\] DHCP4_STARTING /);
    expect(program.lines.filter((line) => !/^<[2-7]>[A-Z]+ +\[/.test(line))).toEqual([]);
    await program.stop();
  }));

/** What systemd hears of a service, a line each time: Node cannot receive such datagrams. */
const MANAGER = `
  use Socket; $| = 1;
  socket(S, AF_UNIX, SOCK_DGRAM, 0) && bind(S, pack_sockaddr_un($ARGV[0])) or die $!;
  print "listens\\n";
  while (defined recv(S, $m, 65536, 0)) { $m =~ tr/\\n/ /; print "$m\\n"; }
`;

/** One of two reservations is wrong. */
const FAULTY = {
  "control-socket": { "socket-type": "unix", "socket-name": "ctrl" },
  subnet4: [
    {
      id: 1,
      subnet: "10.0.0.0/16",
      pools: [{ pool: "10.0.1.0/24" }],
      reservations: [
        { "hw-address": "02:00:00:00:00:01", "ip-address": "10.1.0.1" },
        { "hw-address": "02:00:00:00:00:02", "ip-address": "10.0.2.2" },
      ],
    },
  ],
};
const MENDED = { ...FAULTY, subnet4: [{ ...FAULTY.subnet4[0], reservations: [FAULTY.subnet4[0]!.reservations[1]] }] };

test("a start with a faulty file is degraded in the status of the service and in status-get, until a good one is read", () =>
  stage(async (host, folder) => {
    const socket = join(folder, "notify");
    const manager = host.start(["perl", "-e", MANAGER, socket]);
    await manager.waitFor(/listens/);
    const program = start(host, folder, "a.conf", FAULTY, { env: { NOTIFY_SOCKET: socket } });
    expect(await manager.waitFor(/READY=1/)).toContain("STATUS=Degraded: 1 part of the configuration left out; eth0");
    const status = () => JSON.parse(host.run(ourDaemon(4), "call", "--json", "-s", join(folder, "ctrl"), "status-get"));
    expect(status().arguments.degraded).toEqual({ "left-out": 1 });
    const heard = manager.lines.length;
    writeConfig(folder, "a.conf", MENDED);
    program.signal("SIGHUP");
    expect(await manager.waitFor(/READY=1/, { from: heard })).toContain("STATUS=eth0");
    expect(status().arguments).not.toHaveProperty("degraded");
    await program.stop();
  }));

test("--strict refuses a faulty file, as Kea does", () =>
  stage(async (host, folder) => {
    const program = start(host, folder, "a.conf", FAULTY, { flags: ["--strict"] });
    expect(await program.exited).toEqual({ code: 1, signal: null });
    expect(said(program).at(-1)).toMatch(
      /^DHCP4_INIT_FAIL failed to initialize dhcp4d server: configuration error using file 'a.conf': .*"10.1.0.1" is not inside the subnet/,
    );
  }));

test("started, reloaded, not reloaded and shut down in the words that monitoring looks for in Kea's log", () =>
  stage(async (host, folder) => {
    const program = start(host, folder, "a.conf", MENDED);
    await program.waitFor(/DHCP4_STARTED/);
    program.signal("SIGHUP");
    await program.waitFor(/RECONFIGURATION_SUCCESS/);
    writeConfig(folder, "a.conf", FAULTY);
    program.signal("SIGHUP");
    await program.waitFor(/RECONFIGURATION_FAIL/);
    await program.stop();
    const words = [
      /^DHCP4_STARTING .* version \S+ starting/,
      /^DHCP4_CONFIG_COMPLETE .*server has completed configuration: /,
      /^DHCP4_STARTED .* version \S+ started/,
      /^DHCP4_DYNAMIC_RECONFIGURATION initiate server reconfiguration using file: a.conf, after receiving SIGHUP signal or config-reload command$/,
      /^DHCP4_CONFIG_COMPLETE .*server has completed configuration: /,
      /^DHCP4_DYNAMIC_RECONFIGURATION_SUCCESS dynamic server reconfiguration succeeded with file: a.conf$/,
      /^DHCP4_DYNAMIC_RECONFIGURATION initiate server reconfiguration using file: a.conf, /,
      /^DHCP4_CONFIG_LOAD_FAIL configuration error using file: a.conf, reason: /,
      /^DHCP4_DYNAMIC_RECONFIGURATION_FAIL dynamic server reconfiguration failed with file: a.conf/,
      /^DHCP4_SHUTDOWN server shutdown/,
    ];
    const lines = said(program);
    expect(lines).toHaveLength(words.length);
    for (const [i, line] of lines.entries()) expect(line).toMatch(words[i]!);
  }));

test.each([{ flags: [] }, { flags: ["-F"] }])(
  "a configuration that comes into force in part only ends a daemon that has been told so: $flags",
  ({ flags }) =>
    stage(async (host, folder) => {
      const library = join(folder, "fault.mjs");
      writeFileSync(
        library,
        `export default {
        name: "fault",
        parameters: ({ z }) => z.object({ is: z.boolean() }),
        start({ parameters }) {
          if (parameters.is) throw new Error("broken");
          return {};
        },
      };`,
      );
      const configOf = (is: boolean) => ({ "hooks-libraries": [{ library, parameters: { is } }] });
      const program = start(host, folder, "a.conf", configOf(false), { flags });
      await program.waitFor(/DHCP4_STARTED/);
      writeConfig(folder, "a.conf", configOf(true));
      program.signal("SIGHUP");
      expect(await program.waitFor(/UNRECOVERABLE/)).toContain("broken");
      if (flags.length === 0) {
        await program.waitFor(/RECONFIGURATION_FAIL/);
        writeConfig(folder, "a.conf", configOf(false));
        program.signal("SIGHUP");
        await program.waitFor(/RECONFIGURATION_SUCCESS/);
        await program.stop();
      }
      expect(await program.exited).toEqual({ code: flags.length, signal: null });
    }),
);

test("the loggers that people name show how a client is served, and each shows only its own", () =>
  stage(async (host, folder) => {
    const names = ["alloc-engine", "dhcpsrv", "hosts", "leases", "options"];
    const quiet = { name: "kea-dhcp4", severity: "WARN", "output-options": [{ output: "stdout" }] };
    const loud = names.map((name) => ({ name: `kea-dhcp4.${name}`, severity: "DEBUG", debuglevel: 99 }));
    const program = start(host, folder, "a.conf", { ...MENDED, loggers: [quiet, ...loud] });
    await expect.poll(() => existsSync(join(folder, "ctrl")), { timeout: 60_000 }).toBe(true);
    using probe = await Probe4.open(host, "client");
    await getServed(probe, "02:00:00:00:00:07");
    await program.waitFor(/kea-dhcp4\.leases\//);
    await program.stop();
    // The first line comes before the configuration is read.
    const shown = new Set(program.lines.slice(1).map((line) => /\[kea-dhcp4\.([a-z0-9-]+)\//.exec(line)?.[1]));
    expect([...shown].sort()).toEqual(names);
  }));
