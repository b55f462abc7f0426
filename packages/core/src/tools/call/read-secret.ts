/** Passwords as people give them: typed at a terminal, where nobody sees them, or in a file. */
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { readSmallFile } from "../../base/regular-file.ts";

/** Bytes of a file with a password. */
const MOST = 4096;

/** The first line. @throws where it cannot be read */
export function readSecretFile(path: string): string {
  return readSmallFile(path, MOST)
    .toString("utf8")
    .replace(/\r?\n.*/s, "");
}

/** Asks at the terminal. @returns `undefined` where there is none, or its user gives up */
export async function askSecret(prompt: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  process.stderr.write(prompt);
  const silence = new Writable({ write: (_piece, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silence, terminal: true });
  try {
    return await new Promise<string | undefined>((resolve) => {
      lines.once("line", resolve);
      lines.once("close", () => resolve(undefined));
      lines.once("SIGINT", () => resolve(undefined));
    });
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}
