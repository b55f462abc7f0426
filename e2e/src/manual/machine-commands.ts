/** Commands of the manual that stand in no dialogue, as they want a whole machine or more than one. Scenes play them by their headings. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fencedBlocks } from "@kotare/testkit/fenced-blocks";
import { top } from "../top.ts";

const DOCS = join(top, "docs");

export interface MachineBlock {
  readonly heading: string;
  /** Without `sudo`: in the lab everybody may do everything. */
  readonly commands: readonly string[];
}

/** Commands that no scene gives, and why. */
export const UNPLAYED: Readonly<Record<string, string>> = {
  "apt install nodejs npm git gcc libc6-dev debhelper help2man libnode-dev libuv1-dev mdbook lynx":
    "packages of Debian come over a network, which tests do not have",
  "npm run deb -- /tmp/kotare": "the scene of packages gives its steps, in a system that has nothing else",
  "sudoedit /etc/kotare/dhcp4d.conf": "the scene of packages writes the file",
  "cp /tmp/kotare/kotare-*.deb deploy/oci/":
    "the scene of packages carries the recipe out without podman, where they are",
  "podman build -t kotare deploy/oci":
    "an image begins with one of a registry's; the scene of packages carries the recipe out",
  "podman run --network host --cap-drop all --cap-add net_raw,net_bind_service -v ./dhcp4d.conf:/etc/kotare/dhcp4d.conf:ro -v kotare:/var/lib/kotare kotare":
    "the scene of packages starts what the recipe has made, with the same rights",
  "npx --yes pnpm@10.34.8 install && npx --yes pnpm@10.34.8 build": "it has been done where tests run",
  "apps/dhcp4d/bin/dhcp4d -c my.conf": "it serves for ever; all scenes start this program",
  "dhcp-load -l 192.0.2.9 -r 1000-9000 --steps 5 -s 2 192.0.2.1":
    "a test of packages/load reads it: more than tests should load a machine with",
  "dhcp-load -l 192.0.2.9 -r 1000-20000 --steps 20 -s 5 192.0.2.1":
    "a test of packages/load reads it: more than tests should load a machine with",
  "sh deploy/bin/check-system": "it runs all unit tests, which takes minutes",
  "sh deploy/bin/check-system build client":
    "the scene of other systems gives it without the build, which has been made",
};

export function machineBlocks(chapter: string): readonly MachineBlock[] {
  const text = readFileSync(join(DOCS, chapter), "utf8");
  const lines = text.split("\n");
  return fencedBlocks(text)
    .filter(({ language }) => language === "sh")
    .map(({ line, text }) => {
      const heading = lines.slice(0, line).findLast((each) => each.startsWith("## ")) ?? "";
      const commands = text
        .replaceAll(/\\\n\s*/g, "")
        .replaceAll(/ {2,}#.*$/gm, "")
        .replaceAll(/^sudo /gm, "")
        .split("\n");
      return { heading: heading.slice("## ".length), commands };
    });
}

/** The commands of a block under a heading of `## ` as one script, which ends with the first that fails. */
export function scriptOf(chapter: string, heading: string, number = 0): string {
  const block = machineBlocks(chapter).filter((each) => each.heading === heading)[number];
  if (block === undefined) throw new Error(`${chapter} has no such commands under "${heading}"`);
  return ["set -e", ...block.commands.filter((command) => UNPLAYED[command] === undefined)].join("\n");
}
