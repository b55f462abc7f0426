/** What is there for systems without packages of ours: the check of a system, and what ports install; here both on Linux. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { Lab, run } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { scriptOf } from "../../src/manual/machine-commands.ts";
import { top } from "../../src/top.ts";

const DAEMONS = ["dhcp4d", "dhcp6d", "d2d"];

describe("other systems", () => {
  test("check-system: a client behind a relay is served by the addon and by the portable transport", async () => {
    await using lab = new Lab();
    // The smallest of shells, where there is one.
    const shell = findProgram("dash") ?? "sh";
    const output = lab.host("any").run(shell, join(top, "deploy/bin/check-system"), "client");
    expect(output.match(/the client has 192\.0\.2\.100$/gm)).toHaveLength(2);
    expect(output).toContain("| client, addon | passed |\n| client, portable | passed |\n");
  });

  test("what the port lists is installed under its prefix, and runs", async () => {
    await using lab = new Lab();
    const tree = join(lab.folder, "tree");
    const root = join(lab.folder, "root");
    for (const path of ["README.md", "docs", "deploy", "packages/extension", ...DAEMONS.flatMap(partsOf)]) {
      cpSync(join(top, path), join(tree, path), { recursive: true, filter: (from) => !from.includes("node_modules") });
    }
    // Made by help2man, where packages are built.
    mkdirSync(join(tree, "deploy/dist/man"), { recursive: true });
    for (const name of DAEMONS.flatMap((daemon) =>
      ["8", "conf.5", "schema.json", "bash"].map((end) => `${daemon}.${end}`),
    )) {
      writeFileSync(join(tree, "deploy/dist/man", name), "");
    }
    const install = (part: string) =>
      run("env", `KOTARE_NODE=${process.execPath}`, join(tree, "deploy/bin/install"), root, part, "usr/local");
    install("common");
    // As the manual has it, at another root.
    const byHand = scriptOf("other-systems.md", "Install it", 1);
    run(
      "env",
      `KOTARE_NODE=${process.execPath}`,
      "sh",
      "-c",
      `cd "$0"; ${byHand.replace(" / ", ' "$1" ')}`,
      tree,
      root,
    );
    for (const daemon of DAEMONS) {
      if (daemon !== "dhcp4d") install(daemon);
      const script = join(root, "usr/local/etc/rc.d", daemon);
      mkdirSync(dirname(script), { recursive: true });
      writeFileSync(script, run(join(tree, "deploy/bin/service-script"), "freebsd", daemon, "/usr/local"));
    }
    const script = run("sh", "-c", `cd "$0"; ${scriptOf("other-systems.md", "Install it")}`, tree);
    expect(script).toMatch(/^daemon="\/usr\/local\/sbin\/dhcp4d"/m);
    const listed = readFileSync(join(top, "deploy/freebsd/pkg-plist"), "utf8").trim().split("\n");
    const files = listed.map((line) => line.replace("@sample ", "").replace(/\.gz$/, ""));
    expect(files.filter((file) => !existsSync(join(root, "usr/local", file)))).toEqual([]);
    const sample = readFileSync(join(root, "usr/local/etc/kotare/dhcp4d.conf.sample"), "utf8");
    expect(sample).toContain("/usr/local/share/doc/kotare-common/examples");
    expect(sample).not.toMatch(/systemctl|\/var\/lib/);
    const program = join(root, "usr/local/sbin/dhcp4d");
    expect(run(program, "-W")).toMatch(/^addon: netio\.node$/m);
    run(program, "-t", join(root, "usr/local/etc/kotare/dhcp4d.conf.sample"));
  });
});

function partsOf(daemon: string): string[] {
  return ["bin", "dist", "package.json"].map((part) => `apps/${daemon}/${part}`);
}
