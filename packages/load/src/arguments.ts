/** The command line: the plan of a run, and where its results go. Nothing here exits or prints. */

import { parseHex } from "@kotare/core/base/hex";
import { PlainError } from "@kotare/core/base/plain-error";
import { parseIpv4 } from "@kotare/core/ip/ipv4";
import { parseIpv6Key } from "@kotare/core/ip/ipv6-key";
import { parseSubCommand } from "@kotare/core/tools/sub-command";
import { parseLabels } from "@kotare/core/wire/domain-name";
import { MAC_LENGTH } from "./clients/clients.ts";
import type { AskKind, ExchangeKind, OptionBytes } from "./clients/dialogue.ts";
import { command } from "./command-line.ts";
import type { Plan } from "./plan.ts";
import { ramp, type Step } from "./run/schedule.ts";

export interface Output {
  /** A file, `-` for the standard output. */
  readonly json: string | undefined;
  /** A file for the leases that clients had, `-` for the standard output. */
  readonly leases: string | undefined;
  /** The share of exchanges that may be lost. */
  readonly maxLoss: number;
}

export type Arguments =
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "version" }
  /** A script for shells. */
  | { readonly kind: "completion" }
  | { readonly kind: "wrong"; readonly what: string }
  | { readonly kind: "play"; readonly plan: Plan; readonly output: Output };

const MOST_CLIENTS = 16_000_000;
const MOST_STEPS = 1000;
/** Above it replies of an exchange may meet another one with the same transaction id. */
const LONGEST_PATIENCE = 60_000;

export function parseArguments(words: readonly string[]): Arguments {
  if (words.length === 1 && words[0] === "completion") return { kind: "completion" };
  const given = parseSubCommand(words, command);
  if (given.kind === "wrong") return given;
  if (given.isHelpAsked) return { kind: "help", text: given.help };
  if (given.options["version"] === true) return { kind: "version" };
  try {
    const { plan, output } = new Given(given.options, given.words);
    return { kind: "play", plan, output };
  } catch (error) {
    if (error instanceof PlainError) return { kind: "wrong", what: error.message };
    throw error;
  }
}

/** What was given, checked. */
class Given {
  readonly plan: Plan;
  readonly output: Output;
  readonly #options: Readonly<Record<string, unknown>>;

  constructor(options: Readonly<Record<string, unknown>>, words: readonly string[]) {
    this.#options = options;
    for (const [name, { type }] of Object.entries(command.options)) {
      if (type !== "array" && Array.isArray(options[name])) fail(`--${name} is given twice`);
    }
    if (words.length > 1) fail(`one SERVER, not ${words.join(" ")}`);
    const family = options["ipv6"] === true ? 6 : 4;
    if (options["ipv6"] === true && options["ipv4"] === true) fail("-4 or -6");
    const parse = family === 4 ? parseIpv4 : parseIpv6Key;
    const checkAddress = (text: string) => {
      if (parse(text) === undefined) fail(`"${text}" is no IPv${family} address`);
      return text;
    };
    const server = words[0] === undefined ? undefined : checkAddress(words[0]);
    const relays = this.#texts("relay")
      .flatMap((text) => text.split(","))
      .map(checkAddress);
    const count = this.#optionalNumber("count", 1, Number.MAX_SAFE_INTEGER);
    this.plan = {
      family,
      isOver6: options["over6"] === true,
      exchange: options["exchange"] as ExchangeKind,
      release: this.#number("release", 0, 100),
      interface: this.#text("interface"),
      server,
      relays,
      ask: options["ask"] as AskKind,
      clients: this.#number("clients", 1, MOST_CLIENTS),
      firstMac: this.#firstMac(),
      hostname: this.#hostname(),
      fqdn: this.#fqdn(),
      options: this.#optionBytes("option", family),
      relayOptions: this.#optionBytes("relay-option", family),
      steps: this.#steps(count),
      most: count ?? Number.POSITIVE_INFINITY,
      patience: this.#number("patience", 1, LONGEST_PATIENCE),
      slow: this.#text("slow") === undefined ? Number.POSITIVE_INFINITY : this.#decimal("slow", 0, LONGEST_PATIENCE),
    };
    checkPlan(this.plan);
    this.output = {
      json: this.#text("json"),
      leases: this.#text("leases"),
      maxLoss: this.#decimal("max-loss", 0, 100) / 100,
    };
  }

  #text(name: string): string | undefined {
    return this.#options[name] as string | undefined;
  }

  #texts(name: string): readonly string[] {
    return (this.#options[name] ?? []) as readonly string[];
  }

  #optionalNumber(name: string, least: number, most: number): number | undefined {
    return this.#text(name) === undefined ? undefined : this.#number(name, least, most);
  }

  #number(name: string, least: number, most: number): number {
    const value = this.#decimal(name, least, most);
    if (!Number.isInteger(value)) fail(`--${name} is a whole number`);
    return value;
  }

  #decimal(name: string, least: number, most: number): number {
    return decimal(`--${name}`, this.#text(name)!, least, most);
  }

  #firstMac(): Uint8Array {
    const text = this.#text("first-mac")!;
    const mac = parseHex(text);
    if (mac?.length !== MAC_LENGTH) fail(`"${text}" is no hardware address such as 02:00:00:00:00:00`);
    return mac;
  }

  #hostname(): string | undefined {
    const name = this.#text("hostname");
    if (name !== undefined && !(name.length >= 1 && name.length <= 255)) fail("--hostname has 1 to 255 characters");
    return name;
  }

  #fqdn(): string | undefined {
    const name = this.#text("fqdn");
    try {
      if (name !== undefined) parseLabels(name);
    } catch (error) {
      fail(`--fqdn: ${(error as Error).message}`);
    }
    return name;
  }

  /** `60=hex`. */
  #optionBytes(name: string, family: 4 | 6): readonly OptionBytes[] {
    const mostCode = family === 4 ? 254 : 65_535;
    const mostLength = family === 4 ? 255 : 1000;
    return this.#texts(name).map((text) => {
      const [, code, hex] = /^(\d+)=(.*)$/.exec(text) ?? [];
      const payload = hex === undefined ? undefined : parseHex(hex);
      if (payload === undefined || !(Number(code) >= 1 && Number(code) <= mostCode)) {
        fail(`--${name} ${text}: expected CODE=HEX with a code from 1 to ${mostCode}, such as 60=504845`);
      }
      if (payload.length > mostLength) fail(`--${name} ${text}: has more than ${mostLength} bytes`);
      return [Number(code), payload] as const;
    });
  }

  #steps(count: number | undefined): readonly Step[] {
    const text = this.#text("rate")!;
    const [from, to = from, ...more] = text.split("-");
    if (more.length > 0) fail(`--rate ${text}: expected a number, or two with - between them`);
    const [first, last] = [from, to].map((rate) => decimal("--rate", rate!, 0.01, 1_000_000)) as [number, number];
    const seconds = this.#text("seconds");
    if (first === last && this.#text("steps") === undefined) {
      if (seconds === undefined && count !== undefined) return [{ rate: first, seconds: Math.ceil(count / first) }];
      return [{ rate: first, seconds: decimal("--seconds", seconds ?? "10", 0.1, 1_000_000) }];
    }
    const steps = this.#optionalNumber("steps", 1, MOST_STEPS) ?? 10;
    return ramp(first, last, steps, decimal("--seconds", seconds ?? "10", 0.1, 1_000_000));
  }
}

function checkPlan(plan: Plan): void {
  const { family, isOver6, relays, server, exchange, release, relayOptions } = plan;
  if (family === 4) {
    if (relays.length > 0 && server === undefined) fail("relays ask one SERVER: give its address");
    if (relays.length === 0 && server !== undefined) fail("clients behind --relay ask a SERVER; others broadcast");
    if (relays.length === 0 && plan.interface === undefined) fail("give --interface, or --relay and a SERVER");
    if (plan.ask !== "address") fail("--ask is for -6");
    if (isOver6 && relays.length > 0) fail("clients of --over6 are on a link, behind no --relay");
  } else {
    if (isOver6) fail("--over6 is for -4");
    if (plan.interface === undefined) fail("give --interface");
    if (relays.length === 0 && server !== undefined) fail("clients behind --relay ask a SERVER; others send to all");
    if (plan.hostname !== undefined) fail("--hostname is for -4: give --fqdn");
  }
  if (relays.length === 0 && relayOptions.length > 0) fail("--relay-option is for clients behind a --relay");
  if (release > 0 && exchange === "offer") fail("an offer cannot be released");
  if (release > 0 && exchange === "renew") fail("what is released cannot be renewed");
}

function decimal(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= least && value <= most)) fail(`${name} ${text}: expected ${least} to ${most}`);
  return value;
}

function fail(what: string): never {
  throw new PlainError(what);
}
