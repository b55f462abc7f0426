import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { RecordingLogger } from "../log/testing/recording-logger.ts";
import { type Answer, done } from "./answer.ts";
import { type Command, defineCommand } from "./command.ts";
import { type CommandContext, CommandTable } from "./command-table.ts";
import type { ReceivedCommand } from "./received-config.ts";

interface Context extends CommandContext {
  readonly site: string;
}

const greet = defineCommand({
  name: "greet",
  access: "read",
  summary: "For tests.",
  arguments: z.object({ name: z.string(), times: z.int().min(1).max(9).default(1) }),
  examples: [],
  run: ({ name, times }, { site }: Context) => done(`${name} ${times} ${site}`),
});
const fall = defineCommand({
  name: "fall",
  access: "read",
  summary: "For tests.",
  arguments: z.object({}),
  examples: [],
  run: (): Answer => {
    throw new Error("fell");
  },
});
const rest = defineCommand({
  name: "rest",
  access: "read",
  summary: "For tests.",
  arguments: z.object({}),
  examples: [],
  run: (args) => done(Object.keys(args).join()),
});
const take: Command<Context> = {
  name: "take",
  access: "write",
  summary: "For tests.",
  examples: [],
  takesConfig: true,
  run: ({ faults }) => done(`took ${faults.join()}`),
};

let logger: RecordingLogger;
let received: string[];
let beside: ReceivedCommand;
let table: CommandTable<Context>;

beforeEach(() => {
  logger = new RecordingLogger();
  received = [];
  beside = { command: "take", services: [], config: { faults: [], apply: async () => {} } };
  const receiveConfig = async (text: string) => {
    received.push(text);
    return beside;
  };
  table = new CommandTable<Context>([greet, fall, rest, take], { site: "here", receiveConfig }, logger);
});

describe("a command", () => {
  it.each(["null", "5", "[]", '"x"', '{"a":1}'])("that takes no arguments does with %s as well", async (args) => {
    expect(await table.answer(`{"command":"rest","arguments":${args}}`, "me")).toEqual({ result: 0, text: "" });
    expect(await table.answer(`{"command":"greet","arguments":${args}}`, "me")).toMatchObject({ result: 1 });
  });

  it.each([
    ['{"command":"greet","arguments":{"name":"a","times":2}}', { result: 0, text: "a 2 here" }],
    [
      '{ # yes\n "command":"greet","service":["dhcp4"],"remote-address":"::1","arguments":{"name":"a"},}',
      { result: 0, text: "a 1 here" },
    ],
    ['{"command":"nosuch"}', { result: 2, text: "'nosuch' command not supported." }],
    ['{"command":"constructor"}', { result: 2, text: "'constructor' command not supported." }],
    ["[]", { result: 1, text: "invalid command: expected toplevel entry to be a map, got list instead" }],
    ["{}", { result: 1, text: "invalid command: does not contain mandatory 'command'" }],
    ['{"command":1}', { result: 1, text: "invalid command: expected 'command' to be a string" }],
    ['{"command":"greet","foo":1}', { result: 1, text: "invalid command: unsupported parameter 'foo'" }],
    ['{"command":"greet"}', { result: 1, text: 'arguments.name: is missing; write "name"' }],
    [
      '{"command":"greet","arguments":{"name":5,"times":10}}',
      {
        result: 1,
        text: "arguments.name: 5 is not a text in double quotes; arguments.times: 10 is too large; it must be at most 9",
      },
    ],
    ['{"command":"greet","arguments":[]}', { result: 1, text: "arguments: is not a map: { … }" }],
    ['{"command" "greet"}', { result: 1, text: expect.stringMatching(/^<wire>:1:12: .*expected/i) }],
    [
      '{"command":<?include "/etc/passwd"?>}',
      { result: 1, text: expect.stringContaining("a command includes no files") },
    ],
    ['{"command":"fall"}', { result: 1, text: "Error during command processing: fell" }],
  ])("%s", async (text, answer) => {
    expect(await table.answer(text, "me")).toEqual(answer);
  });

  it("with an argument that is not known is answered without, and the log says so", async () => {
    await table.answer('{"command":"greet","arguments":{"name":"a","tmies":3}}', "me");
    expect(logger.lines).toEqual([
      "COMMAND_RECEIVED Received command 'greet'",
      "COMMAND_ARGUMENT_IGNORED command 'greet' has no argument 'tmies', which is ignored",
    ]);
  });

  it("with a configuration is read beside service, whole", async () => {
    const text = '{"command":"take","arguments":{"Dhcp4":{}}}';
    expect(await table.answer(text, "me")).toEqual({ result: 0, text: "took " });
    expect(received).toEqual([text]);
  });

  it("that is long is read beside service, and must be one with a configuration", async () => {
    const text = `{"command":"take","arguments":{"Dhcp4":{"comment":"${"x".repeat(300_000)}"}}}`;
    expect(await table.answer(text, "me")).toEqual({ result: 0, text: "took " });
    beside = { ...beside, command: "greet" };
    expect(await table.answer(text, "me")).toEqual({
      result: 1,
      text: expect.stringContaining("at most 262144 bytes"),
    });
    beside = { ...beside, command: "nosuch" };
    expect(await table.answer(text, "me")).toMatchObject({ result: 2 });
    beside = { command: undefined, services: [], config: { ...beside.config, faults: ["no command"] } };
    expect(await table.answer(text, "me")).toEqual({ result: 1, text: "no command" });
  });

  it("that falls is logged with the place where it did", async () => {
    await table.answer('{"command":"fall"}', "me");
    expect(logger.lines.at(-1)).toMatch(
      /^COMMAND_PROCESS_ERROR command 'fall' failed: Error: fell.*command-table\.test/,
    );
  });
});
