/**
 * Plays exchanges and commands on a server that calls a script for what happens to leases, and keeps a forensic log; and gives
 * what both were told.
 */
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Lab } from "../../lab/lab.ts";
import { delay } from "../../lab/program.ts";
import { sendCommand } from "../../subject/command.ts";
import { type DhcpConfig, Server, type Subject } from "../../subject/server.ts";
import { Script } from "../script.ts";
import type { Speech, Stage } from "../speech.ts";

export interface Acts<S extends Speech> {
  readonly config: DhcpConfig;
  /** What the forensic log is told beside its place. */
  readonly legal?: object;
  play(script: Script<S>, command: (name: string, args?: unknown) => Promise<unknown>): Promise<void>;
}

/** Of the script. */
export interface Call {
  /** The hook point, and of which message or lease. */
  readonly title: string;
  readonly environment: ReadonlyMap<string, string>;
}

export interface Told {
  /** By their titles. */
  readonly calls: ReadonlyMap<string, Call>;
  /** Of the forensic log, the times of which are the test's. */
  readonly lines: readonly string[];
}

/** It is moved when it is complete. */
const SCRIPT = `#!/bin/sh
calls=\${0%/*}/calls
/usr/bin/env >"$calls/new.$$" && /bin/mv "$calls/new.$$" "$calls/$1.$$"
`;
/** Milliseconds in which no further call has been made. */
const SILENCE = 500;

export async function playEvents<S extends Speech>(stage: Stage<S>, subject: Subject, acts: Acts<S>): Promise<Told> {
  await using lab = new Lab();
  const { server: host, clients } = stage.plugIn(lab);
  using voice = await stage.open(clients);
  const folder = join(lab.folder, "server");
  mkdirSync(join(folder, "calls"), { recursive: true, mode: 0o750 });
  const path = join(folder, "note.sh");
  writeFileSync(path, SCRIPT);
  chmodSync(path, 0o755);
  const socket = join(folder, "socket");
  const config = {
    "multi-threading": { "enable-multi-threading": false },
    "expired-leases-processing": { "reclaim-timer-wait-time": 0 },
    "control-socket": { "socket-type": "unix", "socket-name": socket },
    "hooks-libraries": [
      { library: "libdhcp_lease_cmds.so" },
      { library: "libdhcp_run_script.so", parameters: { name: path, sync: false } },
      { library: "libdhcp_legal_log.so", parameters: { path: folder, "base-name": "legal", ...acts.legal } },
    ],
  };
  const options = { family: stage.family, folder };
  await using _ = await Server.start(subject, host, { ...config, ...stage.config, ...acts.config }, options);
  await acts.play(new Script(stage, voice, 0x10_0000), async (name, args) => {
    const answer = JSON.parse(await sendCommand(socket, name, args)) as {
      readonly result: number;
      readonly text: string;
    };
    if (answer.result !== 0) throw new Error(`${subject}: ${name} was answered with ${answer.text}`);
  });
  const names = () => readdirSync(join(folder, "calls"));
  for (let before = -1; before !== names().length; await delay(SILENCE)) before = names().length;
  const calls = names().map((name) => readCall(name.split(".")[0]!, readFileSync(join(folder, "calls", name), "utf8")));
  const logs = readdirSync(folder).filter((name) => /^legal\.\d{8}\.txt$/.test(name));
  const text = logs.map((name) => readFileSync(join(folder, name), "latin1")).join("");
  const lines = text.trimEnd().replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /gm, "");
  return { calls: new Map(calls.map((call) => [call.title, call])), lines: lines.split("\n") };
}

/** What the shell adds, and when it was, says nothing. */
const OF_THE_RUN = /^(?:PWD|OLDPWD|SHLVL|_)$|_CLTT$/;

function readCall(point: string, text: string): Call {
  const lines = text.split("\n").filter((line) => line.includes("="));
  const all = lines.map((line): [string, string] => [
    line.slice(0, line.indexOf("=")),
    line.slice(line.indexOf("=") + 1),
  ]);
  const environment = new Map(all.filter(([name]) => !OF_THE_RUN.test(name)));
  const of = (name: string) => environment.get(`QUERY4_${name}`) ?? environment.get(`QUERY6_${name}`) ?? "";
  const lease = environment.get("LEASE4_ADDRESS") ?? environment.get("LEASE6_ADDRESS") ?? "";
  return { title: [point, of("TYPE"), of("TXID"), lease].join(" "), environment };
}
