import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const BIN = fileURLToPath(new URL("../bin", import.meta.url));
const DAEMONS = ["dhcp4d", "dhcp6d", "d2d"];
/** Shells that a system may have as sh; one that is there by two names counts once. */
const SHELLS = ["bash", "dash", "sh"].filter((shell, i, all) => {
  const found = pathOf(shell);
  return found !== "" && !all.slice(0, i).some((other) => pathOf(other) === found);
});

function pathOf(shell: string): string {
  return spawnSync("sh", ["-c", 'readlink -f "$(command -v "$0")"', shell], { encoding: "utf8" }).stdout.trim();
}

const render = (system: string, daemon: string, prefix: string) =>
  execFileSync(join(BIN, "service-script"), [system, daemon, prefix], { encoding: "utf8" });

/** Stands for each system's own: it shows what it was told, and runs what it was given to run. */
const SUBR: Readonly<Record<string, string>> = {
  freebsd: `
    load_rc_config() { dhcp4d_enable=YES; }
    run_rc_command() { echo "$name $rcvar $dhcp4d_enable $required_files"; echo "$command $command_args"; "$\{1}_it"; }
    configtest_it() { $configtest_cmd; }
    reload_it() { $reload_cmd; }
    start_it() { echo "$start_precmd $dhcp4d_env"; }`,
  netbsd: `
    load_rc_config() { :; }
    run_rc_command() { echo "$name $rcvar $required_files $command"; "$\{1}_it"; }
    configtest_it() { $configtest_cmd; }
    reload_it() { $reload_precmd; }
    start_it() { echo "$start_cmd"; }`,
  openbsd: `
    rc_exec() { eval "$1"; }
    rc_cmd() { echo "$daemon $daemon_flags $rc_bg $pexp"; "$\{1}_it"; }
    configtest_it() { rc_configtest; }
    start_it() { :; }`,
};

describe.each(Object.keys(SUBR))("the rc.d script of %s", (system) => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "kotare-rc-"));
    writeFileSync(join(folder, "rc.subr"), SUBR[system]!);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(DAEMONS)("%s: every shell reads it, and nothing is left to fill in", (daemon) => {
    const script = render(system, daemon, "/usr/local");
    expect(script).not.toMatch(/@[A-Z]+@/);
    for (const shell of SHELLS) execFileSync(shell, ["-n"], { input: script });
  });

  /** @param program what the daemon does */
  function play(shell: string, action: string, program: string): { output: string; status: number | null } {
    // The programs of the system are not there; a folder of ours is its prefix.
    const script = render(system, "dhcp4d", folder).replace(/^\. \/etc\/.*rc\.subr$/m, `. ${folder}/rc.subr`);
    const path = join(folder, "script");
    writeFileSync(path, script);
    execFileSync("mkdir", ["-p", join(folder, "sbin")]);
    writeFileSync(join(folder, "sbin/dhcp4d"), `#!/bin/sh\n${program}\n`, { mode: 0o755 });
    const { stdout, stderr, status } = spawnSync(shell, ["-eu", path, action], { encoding: "utf8" });
    return { output: (stdout + stderr).replaceAll(folder, "PREFIX"), status };
  }

  test.each(SHELLS)("%s: starts the daemon with its configuration", (shell) => {
    const { output, status } = play(shell, "start", "exit 9");
    expect(status).toBe(0);
    expect(output).toContain("dhcp4d");
    expect(output).toMatch(/kotare\/dhcp4d\.conf/);
    if (system === "freebsd") {
      expect(output).toContain("/usr/sbin/daemon -f -P /var/run/kotare/dhcp4d.daemon.pid");
      expect(output).toContain("PREFIX/sbin/dhcp4d -c PREFIX/etc/kotare/dhcp4d.conf\n");
      expect(output).toContain("KEA_DHCP_DATA_DIR=/var/db/kotare");
    }
  });

  test.each(SHELLS)("%s: has a configuration checked", (shell) => {
    expect(play(shell, "configtest", 'echo "checks $*"').output).toMatch(/checks -t .*kotare\/dhcp4d\.conf/);
    expect(play(shell, "configtest", "exit 1").status).not.toBe(0);
  });

  test.skipIf(system === "openbsd").each(SHELLS)("%s: a wrong configuration is not taken into use", (shell) => {
    expect(play(shell, "reload", "exit 1").status).not.toBe(0);
  });
});

describe("the property list of launchd", () => {
  test.each(DAEMONS)("%s: is a tree, and starts the daemon with its configuration", (daemon) => {
    const list = render("macos", daemon, "/opt/homebrew");
    expect(list).not.toMatch(/@[A-Z]+@/);
    const { Label, ProgramArguments, EnvironmentVariables, RunAtLoad } = readPropertyList(list) as Record<
      string,
      unknown
    >;
    expect(Label).toBe(`org.kotare.${daemon}`);
    expect(ProgramArguments).toEqual([`/opt/homebrew/sbin/${daemon}`, "-c", `/opt/homebrew/etc/kotare/${daemon}.conf`]);
    expect(EnvironmentVariables).toMatchObject({ KEA_DHCP_DATA_DIR: "/opt/homebrew/var/lib/kotare" });
    expect(RunAtLoad).toBe(true);
  });
});

/** @throws where tags do not match, or something stands where it cannot */
function readPropertyList(text: string): unknown {
  const tokens = text
    .replace(/<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->/gs, "")
    .match(/<[^>]+>|[^<]+/g)!
    .filter((token) => token.trim() !== "");
  const take = (expected?: string) => {
    const token = tokens.shift();
    if (token === undefined || (expected !== undefined && token !== expected))
      throw new Error(`${token}: no ${expected}`);
    return token;
  };
  const readText = (tag: string) => {
    const inside = take();
    take(`</${tag}>`);
    return inside;
  };
  const readValue = (): unknown => {
    const tag = take();
    if (tag === "<string>") return readText("string");
    if (tag === "<true/>" || tag === "<false/>") return tag === "<true/>";
    const found: [string, unknown][] = [];
    if (tag === "<dict>") {
      for (; tokens[0] !== "</dict>"; found.push([readText("key"), readValue()])) take("<key>");
      take("</dict>");
      return Object.fromEntries(found);
    }
    if (tag !== "<array>") throw new Error(`${tag}: no value`);
    const values: unknown[] = [];
    while (tokens[0] !== "</array>") values.push(readValue());
    take("</array>");
    return values;
  };
  take('<plist version="1.0">');
  const value = readValue();
  take("</plist>");
  expect(tokens).toEqual([]);
  return value;
}
