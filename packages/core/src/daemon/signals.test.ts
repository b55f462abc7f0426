import { EventEmitter } from "node:events";
import { beforeEach, describe, expect, it } from "vitest";
import { handleSignals } from "./signals.ts";

let source: EventEmitter;
let done: string[];
let finishReload: () => void;

beforeEach(() => {
  source = new EventEmitter();
  done = [];
  handleSignals(
    {
      reload: () => {
        done.push("reload");
        return new Promise((resolve) => {
          finishReload = resolve;
        });
      },
      stop: (signal) => done.push(`stop ${signal}`),
    },
    source,
  );
});

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("signals", () => {
  it("reload on HUP, again and again", async () => {
    source.emit("SIGHUP", "SIGHUP");
    finishReload();
    await settle();
    source.emit("SIGHUP", "SIGHUP");
    expect(done).toEqual(["reload", "reload"]);
  });

  it("that come during a reload cause one more after it, not one each", async () => {
    for (let i = 0; i < 5; i++) source.emit("SIGHUP", "SIGHUP");
    expect(done).toEqual(["reload"]);
    finishReload();
    await settle();
    expect(done).toEqual(["reload", "reload"]);
    finishReload();
    await settle();
    expect(done).toEqual(["reload", "reload"]);
  });

  it("stop once on TERM or INT, and nothing reloads after that", async () => {
    source.emit("SIGHUP", "SIGHUP");
    source.emit("SIGHUP", "SIGHUP");
    source.emit("SIGTERM", "SIGTERM");
    source.emit("SIGINT", "SIGINT");
    source.emit("SIGHUP", "SIGHUP");
    finishReload();
    await settle();
    expect(done).toEqual(["reload", "stop SIGTERM"]);
  });
});
