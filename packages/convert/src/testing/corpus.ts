/** Files as operators of dhcpd write them, for tests: none is anybody's own. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "corpus");

export interface CorpusFile {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly family: 4 | 6;
}

export function readCorpus(): CorpusFile[] {
  return readdirSync(folder).map((name) => {
    const path = join(folder, name);
    return { name, path, text: readFileSync(path, "latin1"), family: name.startsWith("dhcp6") ? 6 : 4 };
  });
}
