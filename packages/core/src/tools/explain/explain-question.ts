/** The words behind `explain`: which message is meant, and how it comes in. */
import { existsSync, readFileSync } from "node:fs";
import { parseHex } from "../../base/hex.ts";
import type { GivenPacket } from "../../control/given-packet.ts";
import type { Program } from "../../daemon/arguments.ts";
import type { Explainer, MessageWishes } from "../../daemon/offline/explainer.ts";
import { configOption, type SubCommand, USAGE_EXIT } from "../sub-command.ts";
import { readCapture } from "./read-capture.ts";

export const ExplainExit = { done: 0, failed: 1, usage: USAGE_EXIT } as const;

type Source =
  | { readonly kind: "wishes" }
  | { readonly kind: "hex"; readonly payload: Uint8Array }
  | { readonly kind: "capture"; readonly file: string; readonly frames: readonly Buffer[] };

export interface Question {
  readonly source: Source;
  readonly wishes: MessageWishes;
  readonly way: Omit<GivenPacket, "payload">;
  readonly config: string;
  readonly isLive: boolean;
  readonly isJson: boolean;
}

const EPILOGUE = `The message is read from a capture (pcap or pcapng), given as the hexadecimal digits of its UDP payload, or made of the options. Nothing comes of it: no lease changes, and nothing is sent.

Without --live the configuration file is used with no leases; extensions and databases of reservations are not asked.

Exit codes:
  0 done; 1 an error
  64 wrong arguments`;

/** Options that make a message: not beside a capture or digits. */
const MAKING = ["type", "mac", "client-id", "relay", "address", "ask", "option"] as const;

export function describeExplain(
  program: Omit<Program, "version">,
  { types }: Pick<Explainer<never>, "types">,
): SubCommand {
  const text = (describe: string) => ({ describe, type: "string", requiresArg: true }) as const;
  const list = (describe: string) => ({ ...text(describe), array: true }) as const;
  return {
    program: program.name,
    usage: `Explains what ${program.name} does with a message: its classes, subnet, reservations, lease, and where each option comes from.\n\nUsage: $0 explain [OPTIONS] [CAPTURE | HEX]`,
    options: {
      config: configOption("The configuration that is meant", program.exampleConfig),
      live: { describe: "Ask the daemon that runs with this configuration, which has leases", type: "boolean" },
      interface: text("NAME or NAME/ADDRESS: where the message comes in; the first one that the file names"),
      source: text("Address that it comes from"),
      class: list("Class that the client is in, whatever the tests say; may be repeated"),
      type: text(`Type of the message: ${types.join(", ")}; the first one unless given`),
      mac: text("The client's hardware address"),
      "client-id": text("The client's identifier, or DUID, as hexadecimal digits"),
      relay: text("Address of a relay on the client's link"),
      address: text("Address that the client asks for"),
      ask: text("Codes of options that the client asks for, such as 3,6,15"),
      option: list("CODE=TEXT or CODE=0xDIGITS: a further option; may be repeated"),
      json: { describe: "Print JSON, a line a message", type: "boolean" },
    },
    examples: [
      ["$0 explain --mac 1a:2b:3c:4d:5e:6f --relay 192.0.2.1", "What would this client get behind that relay?"],
      ["$0 explain --live trace.pcap", "Why do the clients in this capture get what they get?"],
    ],
    epilogue: EPILOGUE,
    repeats: true,
  };
}

/** @returns a sentence for words that make no sense */
export function readQuestion(words: readonly string[], options: Readonly<Record<string, unknown>>): Question | string {
  const text = (name: string) => {
    const value = options[name];
    return Array.isArray(value) ? String(value.at(-1)) : (value as string | undefined);
  };
  const list = (name: string) => ((options[name] ?? []) as readonly string[]).map(String);
  const [word, ...more] = words;
  if (more.length > 0) return `one capture or message, and not "${more.join(" ")}", too`;
  const making = MAKING.filter((name) => options[name] !== undefined);
  if (word !== undefined && making.length > 0) return `--${making[0]} makes a message, and ${word} is one`;
  if (word === undefined && making.length === 0) return "which message? Name a capture, digits, or at least --mac";
  const source = readSource(word);
  if (typeof source === "string") return source;
  const ask = readCodes(text("ask"));
  const further = list("option").map(readOption);
  const wrong = further.find((each) => typeof each === "string") ?? (typeof ask === "string" ? ask : undefined);
  if (typeof wrong === "string") return wrong;
  return {
    source,
    wishes: {
      type: text("type"),
      mac: text("mac"),
      clientId: text("client-id"),
      relay: text("relay"),
      address: text("address"),
      ask: ask as readonly number[] | undefined,
      options: further as MessageWishes["options"],
    },
    way: { interface: text("interface"), source: text("source"), classes: list("class") },
    config: text("config")!,
    isLive: options["live"] === true,
    isJson: options["json"] === true,
  };
}

function readSource(word: string | undefined): Source | string {
  if (word === undefined) return { kind: "wishes" };
  if (!existsSync(word)) {
    const payload = parseHex(word);
    return payload === undefined || payload.length === 0
      ? `${word} is no file, and no hexadecimal digits`
      : { kind: "hex", payload };
  }
  try {
    return { kind: "capture", file: word, frames: [...readCapture(readFileSync(word))] };
  } catch (error) {
    return `${word} ${(error as Error).message}`;
  }
}

function readCodes(text: string | undefined): readonly number[] | string | undefined {
  if (text === undefined) return undefined;
  const codes = text.split(/[\s,]+/).map(Number);
  return codes.every((code) => Number.isInteger(code) && code >= 0 && code <= 65_535)
    ? codes
    : `--ask ${text}: codes are numbers`;
}

function readOption(text: string): MessageWishes["options"][number] | string {
  const [, digits, value = ""] = /^(\d+)=(.*)$/s.exec(text) ?? [];
  const payload = value.startsWith("0x") ? parseHex(value) : Buffer.from(value);
  if (digits === undefined || payload === undefined) return `--option ${text}: write CODE=TEXT or CODE=0xDIGITS`;
  return { code: Number(digits), payload };
}
