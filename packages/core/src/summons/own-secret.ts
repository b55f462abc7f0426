/**
 * What a server has to call clients with: a secret, and numbers that only grow. Both are in a small file of ours in the data
 * directory, so that they survive restarts. Nobody but the server may read it.
 */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, renameSync, writeSync } from "node:fs";
import type { Clock } from "../base/clock.ts";
import { parseHex } from "../base/hex.ts";
import { createFileSync, readSmallFile } from "../base/regular-file.ts";
import type { ClientReplays } from "./client-replays.ts";
import { ClientSecrets } from "./client-secrets.ts";
import { ReplayCounter } from "./replay-counter.ts";

const FILE_MODE = 0o600;
/** Bytes. */
const MOST = 4096;
const SECRET_LENGTH = 32;

export interface OwnSecret {
  readonly secrets: ClientSecrets;
  readonly replay: Pick<ReplayCounter, "next">;
  /** What clients have used: in DHCPv4, where they authenticate themselves. */
  readonly heard?: ClientReplays;
}

interface Kept {
  /** Hexadecimal. */
  readonly secret: string;
  /** Numbers below may have been used. */
  readonly counter: bigint;
}

/**
 * A file that is not there is made. One that cannot be used is told, and left alone: clients then know the messages of this
 * run only.
 */
export function takeOwnSecret(
  file: string,
  clock: Pick<Clock, "wall">,
  onFault: (file: string, error: Error) => void,
): OwnSecret {
  let kept: Kept | undefined;
  let isOurs = true;
  try {
    kept = read(file);
  } catch (error) {
    isOurs = false;
    onFault(file, error as Error);
  }
  const { secret, counter } = kept ?? { secret: randomBytes(SECRET_LENGTH).toString("hex"), counter: 0n };
  const save = (below: bigint) => {
    if (!isOurs) return;
    try {
      write(file, { secret, counter: below });
    } catch (error) {
      onFault(file, error as Error);
    }
  };
  if (kept === undefined) save(counter);
  return { secrets: new ClientSecrets(parseHex(secret)!), replay: new ReplayCounter(clock, counter, save) };
}

/** @returns `undefined` where there is none @throws Error */
function read(file: string): Kept | undefined {
  let text: string;
  try {
    text = readSmallFile(file, MOST).toString("latin1");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const match = /^\{"secret":"([\da-f]{64})","counter":"(\d{1,20})"\}\s*$/.exec(text);
  if (match === null) throw new Error("it is not what the server has written");
  return { secret: match[1]!, counter: BigInt(match[2]!) };
}

/** A crash leaves the old file or the new one. */
function write(file: string, { secret, counter }: Kept): void {
  const fresh = `${file}.new`;
  const fd = createFileSync(fresh, FILE_MODE);
  try {
    writeSync(fd, `${JSON.stringify({ secret, counter: String(counter) })}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(fresh, file);
}
