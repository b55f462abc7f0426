/** The recipe of an OCI image, carried out in a Debian system of a test's own: no registry is asked, no image is made. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./lab.ts";
import type { System } from "./system.ts";

/** What a container is started with. */
export interface Image {
  /** `NAME=VALUE`. */
  readonly environment: readonly string[];
  readonly command: readonly string[];
  readonly stopSignal: string;
}

/** @param context the folder that files are copied from @throws Error at what the recipe wants and this cannot do */
export function carryOut(file: string, context: string, system: System): Image {
  const environment: string[] = [];
  let command: readonly string[] = [];
  let stopSignal = "";
  for (const [, instruction, rest] of readFileSync(file, "utf8").matchAll(/^([A-Z]+) (.*)$/gm) as Iterable<
    RegExpMatchArray & [string, string, string]
  >) {
    const words = rest.split(" ");
    switch (instruction) {
      case "FROM":
        if (!rest.includes("debian:trixie")) throw new Error(`the system here is not ${rest}`);
        break;
      case "COPY": {
        const target = join(system.root, words.at(-1)!);
        mkdirSync(target, { recursive: true });
        run("sh", "-c", `cd "$1" && cp ${words.slice(0, -1).join(" ")} "$2"`, "sh", context, target);
        break;
      }
      case "RUN":
        system.run("env", ...environment, "sh", "-c", rest);
        break;
      case "ENV":
        environment.push(...words);
        break;
      case "CMD":
        command = JSON.parse(rest) as string[];
        break;
      case "STOPSIGNAL":
        stopSignal = rest;
        break;
      case "VOLUME":
        break;
      default:
        throw new Error(`${instruction} is not known here`);
    }
  }
  return { environment, command, stopSignal };
}
