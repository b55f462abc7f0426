/** What packages of the daemons have in them. */
import type { System } from "./system.ts";

/** What a package puts where, without what each distribution says about a package in places of its own. */
function filesOf(listing: string): string[] {
  const own = /\/(doc|licenses)\/|\/build-id\//;
  return listing
    .split("\n")
    .filter((path) => path !== "" && !path.endsWith("/") && !own.test(path))
    .sort();
}

export function filesOfRpm(system: System, daemon: string): string[] {
  const listing = system.run(
    "rpm",
    "--query",
    "--queryformat",
    "[%{FILEMODES:perms} %{FILENAMES}\n]",
    `kotare-${daemon}`,
  );
  const files = listing.split("\n").filter((line) => !line.startsWith("d"));
  return filesOf(files.map((line) => line.slice(line.indexOf("/"))).join("\n"));
}

export function filesOfDeb(system: System, packages: readonly string[], daemon: string): string[] {
  const file = packages.find((name) => name.startsWith(`kotare-${daemon}_`))!;
  const listing = system.run("dpkg-deb", "--contents", `/build/${file}`);
  return filesOf(listing.replaceAll(/^.* \.(\/[^ ]*)( -> .*)?$/gm, "$1"));
}
