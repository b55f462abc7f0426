/** The life of extensions: all of a configuration are started, or none. */
import { describe, expect, it, vi } from "vitest";
import { ManualClock } from "../base/clock.ts";
import { muteLog } from "../log/mute-log.ts";
import { RecordingLogger } from "../log/testing/recording-logger.ts";
import { ownMessages } from "./control/extension-log.ts";
import { statusOf } from "./control/extension-status.ts";
import { OwnCommands } from "./control/own-commands.ts";
import { RunningExtension } from "./running-extension.ts";
import { startExtensions, stopExtensions } from "./start-extensions.ts";
import { moduleFile, startingWith } from "./testing/module-file.ts";

const directories = { data: "/data", scripts: "/scripts", legalLog: "/legal" };
const rules = { directory: "/extensions", known: undefined };
const { ask: command } = new OwnCommands();
const openLogTable = () => Promise.reject(new Error("there is no database"));
const rest = { "option-def": [], "client-classes": [], "shared-networks": [] };

async function start(...libraries: readonly string[]) {
  const log = new RecordingLogger();
  const entries = libraries.map((library) => ({ library }));
  const result = startExtensions(
    { "hooks-libraries": entries, ...rest },
    {
      rules,
      family: 4,
      log,
      clock: new ManualClock(),
      directories,
      command,
      report: () => {},
      announce: () => {},
      openLogTable,
    },
  );
  return { log, extensions: await result.catch((error: Error) => error.message) };
}

const module = (name: string, body: string) =>
  moduleFile(`export default { name: "${name}", start({ log }) { ${body} } };`);

it("parts of the daemon need no start", async () => {
  const log = new RecordingLogger();
  const entries = [{ library: "libdhcp_stat_cmds.so" }];
  expect(
    await startExtensions(
      { "hooks-libraries": entries, ...rest },
      {
        rules,
        family: 4,
        log,
        clock: new ManualClock(),
        directories,
        command,
        report: () => {},
        announce: () => {},
        openLogTable,
      },
    ),
  ).toEqual([]);
});

it("parameters come as the extension has described them", async () => {
  const described =
    'parameters: ({ z }) => z.strictObject({ a: z.string().transform((text) => text + "!"), b: z.int().default(7) }),';
  const library = startingWith("log.warn(parameters.a + parameters.b + family);", described);
  const log = new RecordingLogger();
  const [running] = await startExtensions(
    { "hooks-libraries": [{ library, parameters: { a: "x" } }], ...rest },
    {
      rules,
      family: 6,
      log,
      clock: new ManualClock(),
      directories,
      report: () => {},
      announce: () => {},
      openLogTable,
      command,
    },
  );
  expect(running?.name).toBe("test");
  expect(log.lines).toEqual([
    "EXTENSION_SAYS_WARN test: x!76",
    `EXTENSION_STARTED extension test of ${library} is started`,
  ]);
});

it("what user-context says in subnets and classes comes as the extension has described it", async () => {
  const described = `contexts: ({ z }) => {
    const schema = z.looseObject({ test: z.int().optional() }).transform(({ test }) => test);
    return { subnets: schema, classes: schema };
  },`;
  const library = startingWith("log.warn(JSON.stringify([[...contexts.subnets], [...contexts.classes]]));", described);
  const log = new RecordingLogger();
  const context = (test: number) => ({ "user-context": { test, other: 1 } });
  await startExtensions(
    {
      ...rest,
      "hooks-libraries": [{ library }],
      "client-classes": [{ name: "a" }, { name: "b", ...context(1) }],
      subnet4: [
        { id: 3, subnet: "", ...context(2) },
        { id: 4, subnet: "" },
      ],
      "shared-networks": [{ name: "", subnet4: [{ id: 5, subnet: "", ...context(3) }] }],
    },
    {
      rules,
      family: 4,
      log,
      clock: new ManualClock(),
      directories,
      command,
      report: () => {},
      announce: () => {},
      openLogTable,
    },
  );
  expect(log.lines[0]).toBe('EXTENSION_SAYS_WARN test: [[[3,2],[5,3]],[["b",1]]]');
});

it("if one does not start, those before it are stopped, and none is running", async () => {
  const first = module("first", 'return { stop() { log.info("stopped"); } };');
  const second = module("second", 'return { stop() { log.info("stopped"); throw new Error("not so easily"); } };');
  const third = module("third", 'throw new Error("no power");');
  const { log, extensions } = await start(first, second, third);
  expect(extensions).toBe("cannot start: extension third: no power");
  expect(log.lines.slice(2)).toEqual([
    "EXTENSION_SAYS_INFO second: stopped",
    "EXTENSION_STOP_FAILED extension second: not so easily while it was stopped",
    "EXTENSION_SAYS_INFO first: stopped",
  ]);
});

describe("a start or a stop that never ends", () => {
  it.each([
    ["return new Promise(() => {});", "cannot start: extension slow: it did not come to an end of its start"],
    ["return Promise.reject('so');", "cannot start: extension slow: so"],
  ])("%s", async (body, error) => {
    vi.useFakeTimers();
    try {
      const started = start(module("slow", body));
      await vi.advanceTimersByTimeAsync(10_000);
      expect((await started).extensions).toBe(error);
    } finally {
      vi.useRealTimers();
    }
  });

  it("is told", async () => {
    vi.useFakeTimers();
    try {
      const log = new RecordingLogger();
      const extension = new RunningExtension("slow", { stop: () => new Promise(() => {}) }, log, new ManualClock());
      const stopped = stopExtensions([extension], log);
      await vi.advanceTimersByTimeAsync(10_000);
      await stopped;
      expect(log.lines).toEqual([
        "EXTENSION_STOP_FAILED extension slow: it did not come to its end while it was stopped",
      ]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("a call", () => {
  it("that holds the main loop is named, once in ten seconds", () => {
    const clock = new ManualClock();
    const log = new RecordingLogger();
    const extension = new RunningExtension("heavy", {}, log, clock);
    const hold = (milliseconds: number) => extension.call("identify", () => clock.advance(milliseconds / 1000));
    hold(5);
    expect(log.lines).toEqual([]);
    hold(6);
    hold(80);
    expect(log.lines).toEqual(["EXTENSION_HOLDS extension heavy held the main loop for 6 ms in identify"]);
    clock.advance(10);
    hold(7);
    expect(log.lines).toHaveLength(2);
  });

  it("that throws says whose fault it is, and one that gives a promise has thrown", () => {
    const extension = new RunningExtension("bad", {}, new RecordingLogger(), new ManualClock());
    const fail = () => {
      throw "a text";
    };
    expect(() => extension.call("identify", fail)).toThrow("extension bad: a text");
    expect(() => extension.call("identify", () => Promise.reject(new Error("nobody waits")))).toThrow(
      "extension bad: identify has to answer at once, and gave a promise",
    );
  });
});

describe("what an extension has of the daemon", () => {
  it("is its commands, once it takes any", async () => {
    const own = new OwnCommands();
    await expect(own.ask("x")).rejects.toThrow("the daemon does not take commands yet, not even x");
    own.take({ answer: async (text, caller) => ({ result: 0, text: `${caller}: ${text}` }) });
    const text = 'an extension: {"command":"x","arguments":{"a":1}}';
    expect(await own.ask("x", { a: 1 })).toEqual({ result: 0, text });
  });

  it("is a place in its status; a fault takes the place of its own part", () => {
    const running = (name: string, status: () => Readonly<Record<string, unknown>>) =>
      new RunningExtension(name, { status }, new RecordingLogger(), new ManualClock());
    const bad = running("bad", () => {
      throw new Error("planted");
    });
    const good = running("good", () => ({ pair: [1] }));
    const silent = new RunningExtension("silent", {}, new RecordingLogger(), new ManualClock());
    expect(statusOf([good, bad, silent])).toEqual({ pair: [1], bad: "extension bad: planted" });
  });
});

describe("a new configuration", () => {
  /** Says how often it starts, reads its files anew, and stops. */
  const RELOADED = `log.info("start"); return {
    reload() { log.info("reload"); if (parameters.fails) throw new Error("planted"); },
    stop() { log.info("stop"); },
  };`;
  const OPEN =
    "parameters: ({ z }) => z.looseObject({}), contexts: ({ z }) => ({ networks: z.object({ a: z.int().optional() }) }),";

  async function starting(body: string) {
    const library = startingWith(body, OPEN);
    const log = new RecordingLogger();
    const parts = {
      rules,
      family: 4,
      log,
      clock: new ManualClock(),
      directories,
      command,
      report: () => {},
      announce: () => {},
      openLogTable,
    } as const;
    const configOf = (parameters: object, context: Readonly<Record<string, unknown>> = {}) => ({
      ...rest,
      "hooks-libraries": [{ library, parameters: { ...parameters } }],
      "shared-networks": [{ name: "", "user-context": context, subnet4: [{ id: 7, subnet: "" }] }],
    });
    const said = () => log.lines.flatMap((line) => /SAYS_INFO test: (.*)/.exec(line)?.[1] ?? []);
    return { parts, configOf, said };
  }

  it("lets an extension go on that is told the same, and reads its files anew", async () => {
    const { parts, configOf, said } = await starting(RELOADED);
    const before = await startExtensions(configOf({ x: 1 }, { a: 1, b: 1 }), parts);
    const after = await startExtensions(configOf({ x: 1 }, { a: 1, b: 2 }), parts, before);
    expect(after).toEqual(before);
    expect(after[0]).toBe(before[0]);
    expect(said()).toEqual(["start", "reload"]);
  });

  it("lets it go on where a subnet comes whose user-context says nothing to it", async () => {
    const library = startingWith(
      RELOADED,
      `parameters: ({ z }) => z.looseObject({}), contexts: ({ z }) => {
        return { subnets: z.looseObject({ a: z.int().optional() }).transform(({ a }) => a) };
      },`,
    );
    const { parts } = await starting(RELOADED);
    const configOf = (...contexts: readonly Readonly<Record<string, unknown>>[]) => ({
      ...rest,
      "hooks-libraries": [{ library, parameters: {} }],
      subnet4: contexts.map((context, id) => ({ id, subnet: "", "user-context": context })),
    });
    const before = await startExtensions(configOf({ a: 1 }), parts);
    const after = await startExtensions(configOf({ a: 1 }, { site: "north" }), parts, before);
    expect(after[0]).toBe(before[0]);
  });

  it.each<[string, object, object]>([
    ["parameters", { x: 2 }, { a: 1 }],
    ["a context", { x: 1 }, { a: 2 }],
  ])("with other %s starts another one", async (_, parameters, context) => {
    const { parts, configOf, said } = await starting(RELOADED);
    const before = await startExtensions(configOf({ x: 1 }, { a: 1 }), parts);
    const after = await startExtensions(configOf(parameters, { ...context }), parts, before);
    expect(after[0]).not.toBe(before[0]);
    expect(said()).toEqual(["start", "start"]);
  });

  it("starts one anew that cannot go on", async () => {
    const { parts, configOf, said } = await starting('log.info("start");');
    const before = await startExtensions(configOf({}), parts);
    await startExtensions(configOf({}), parts, before);
    expect(said()).toEqual(["start", "start"]);
  });

  it("is refused where files cannot be read anew, and the former one goes on", async () => {
    const { parts, configOf, said } = await starting(RELOADED);
    const before = await startExtensions(configOf({ fails: true }), parts);
    await expect(startExtensions(configOf({ fails: true }), parts, before)).rejects.toThrow("planted");
    expect(said()).toEqual(["start", "reload"]);
  });
});

it("messages of an extension have their own ids", async () => {
  const library = startingWith(
    'tell("X_SEEN", { what: "a\\nb", count: 7 }); tell("X_NOT", {});',
    'logger: "ha-hooks", messages: { X_SEEN: { severity: "warn", text: "seen {what} {count}", doc: "" } },',
  );
  const { log, extensions } = await start(library);
  expect(log.lines[0]).toBe("X_SEEN seen a\\x0ab 7");
  expect(extensions).toContain("it has no message X_NOT");
});

it("what a message tells is gathered only where the log has its level", () => {
  const messages = { X_SEEN: { severity: "debug", debugLevel: 50, text: "seen {what}", doc: "" } } as const;
  const extension = { name: "x", messages, start: () => ({}) };
  const log = new RecordingLogger();
  ownMessages(extension, log)("X_SEEN", () => ({ what: "a" }));
  expect(log.lines).toEqual(["X_SEEN seen a"]);
  ownMessages(extension, muteLog())("X_SEEN", () => expect.unreachable());
});
