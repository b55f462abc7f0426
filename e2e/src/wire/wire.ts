/** A network interface of a lab host, frame by frame: what a test sends, and everything that passes. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { top } from "../top.ts";
import { decodeFrame, encodeFrame, type Frame } from "./frame.ts";

/** Compiled by build.mjs. */
const PUMP = join(top, "e2e/dist/frame-pump");

export type Listener = (frame: Frame, sent: boolean) => void;

export class Wire implements Disposable {
  readonly #pump: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #listeners = new Set<Listener>();
  #pending = Buffer.alloc(0);

  private constructor(host: string, device: string) {
    this.#pump = spawn("ip", ["netns", "exec", host, PUMP, device], { stdio: ["pipe", "pipe", "pipe"] });
    this.#pump.stdout.on("data", (bytes: Buffer) => this.#take(bytes));
  }

  /** @throws Error with the pump's own words when the interface cannot be opened */
  static async open(host: { readonly name: string }, device: string): Promise<Wire> {
    const wire = new Wire(host.name, device);
    const [said] = (await once(wire.#pump.stderr, "data")) as [Buffer];
    if (!said.toString().startsWith("ready")) throw new Error(`frame-pump: ${said.toString().trim()}`);
    return wire;
  }

  #take(bytes: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, bytes]);
    while (this.#pending.length >= 3) {
      const end = 3 + this.#pending.readUInt16BE(0);
      if (this.#pending.length < end) return;
      const frame = decodeFrame(this.#pending.subarray(3, end));
      const sent = this.#pending[2] === 1;
      this.#pending = this.#pending.subarray(end);
      if (frame !== undefined) for (const listener of this.#listeners) listener(frame, sent);
    }
  }

  send(frame: Frame): void {
    const bytes = encodeFrame(frame);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(bytes.length);
    this.#pump.stdin.write(Buffer.concat([length, bytes]));
  }

  /** Calls `listener` for each UDP frame from now on. @returns a function that ends it */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  [Symbol.dispose](): void {
    this.#pump.stdin.end();
    this.#pump.kill();
  }
}
