/** Line layouts: log4cplus' conversion patterns, taken apart once and joined for each line. */
import { hostname } from "node:os";
import type { TextWriter } from "../ip/text-writer.ts";
import type { Arguments, Message, Values } from "./catalogue.ts";
import { compileDate } from "./date-format.ts";
import { type Severity, severities } from "./levels.ts";

/** What Kea writes to stdout, stderr and files when `pattern` is empty. */
export const DEFAULT_PATTERN = "%D{%Y-%m-%d %H:%M:%S.%q} %-5p [%c/%i.%t] %m%n";
/** What Kea writes to syslog, which adds date and process id itself. */
export const DEFAULT_SYSLOG_PATTERN = "%-5p [%c.%t] %m%n";

/** `%m`: the message with its values. */
const MESSAGE = Symbol("message");
/** Constant text, or text by the time in milliseconds since the epoch. */
type Text = string | ((now: number) => string);
/** Appends a part of a line. */
type Step = (line: TextWriter, now: number, message: Message<Arguments>, values: Values | undefined) => void;
type Fit = (text: string) => string;

/** `%-5.10c{2}`: flags and widths, the letter, an argument. */
const CONVERSION = /%(-?)(\d*)(?:\.(\d+))?([a-zA-Z%])(?:\{([^}]*)\})?/g;

export class Layout {
  readonly #pattern: string;
  readonly #program: string;
  readonly #prefix: (severity: Severity) => string;
  /** Steps by logger slot and severity: all but the messages is known in advance or changes with the time. */
  readonly #steps: Step[][] = [];

  /**
   * @param program name of the root logger, e.g. `kea-dhcp4`
   * @param prefix what stands before the pattern, by severity
   */
  constructor(pattern: string, program: string, prefix: (severity: Severity) => string = () => "") {
    this.#pattern = pattern.replaceAll("\\n", "\n").replaceAll("\\t", "\t");
    this.#program = program;
    this.#prefix = prefix;
  }

  /**
   * Appends a line.
   * @param now milliseconds since the epoch
   */
  write(line: TextWriter, now: number, message: Message<Arguments>, values: Values | undefined): void {
    const key = message.slot * severities.length + severities.indexOf(message.severity);
    let steps = this.#steps[key];
    if (steps === undefined) {
      steps = this.#compile(message.logger, message.severity);
      this.#steps[key] = steps;
    }
    for (const step of steps) step(line, now, message, values);
  }

  #compile(loggerName: string, severity: Severity): Step[] {
    const name = loggerName === "" ? this.#program : `${this.#program}.${loggerName}`;
    const steps: Step[] = [];
    let texts: Text[] = [this.#prefix(severity)];
    let at = 0;
    for (const match of this.#pattern.matchAll(CONVERSION)) {
      const [whole, minus, minimum, maximum, letter, argument] = match;
      texts.push(this.#pattern.slice(at, match.index));
      at = match.index + whole.length;
      const piece = convert(letter!, argument, name, severity) ?? whole;
      const fit = fitting(minus === "-", Number(minimum), maximum === undefined ? undefined : Number(maximum));
      if (piece === MESSAGE) {
        steps.push(textStep(texts), messageStep(fit));
        texts = [];
      } else if (fit === undefined) texts.push(piece);
      else texts.push(typeof piece === "string" ? fit(piece) : (now) => fit(piece(now)));
    }
    texts.push(this.#pattern.slice(at));
    steps.push(textStep(texts));
    return steps;
  }
}

/** The message is most of a line, and made a string only where it must be cut or padded. */
function messageStep(fit: Fit | undefined): Step {
  if (fit === undefined) return (line, _, message, values) => message.write(line, values);
  return (line, _, message, values) => line.utf8(fit(message.format(values)));
}

/** Under load many lines are of one millisecond: what stands around their messages is made once. */
function textStep(texts: readonly Text[]): Step {
  if (isConstant(texts)) {
    const bytes = Buffer.from(texts.join(""));
    return (line) => line.copy(bytes);
  }
  let last = Number.NaN;
  let bytes: Uint8Array = new Uint8Array(0);
  return (line, now) => {
    if (now !== last) {
      bytes = Buffer.from(texts.map((text) => (typeof text === "string" ? text : text(now))).join(""));
      last = now;
    }
    line.copy(bytes);
  };
}

function isConstant(texts: readonly Text[]): texts is readonly string[] {
  return texts.every((text) => typeof text === "string");
}

/** @returns `undefined` for a letter that log4cplus does not know: it stays in the line, to be seen. */
function convert(
  letter: string,
  argument: string | undefined,
  name: string,
  severity: Severity,
): Text | typeof MESSAGE | undefined {
  switch (letter) {
    case "m":
      return MESSAGE;
    case "p":
      return severity;
    case "c":
      return argument === undefined ? name : name.split(".").slice(-Number(argument)).join(".");
    case "D":
    case "d":
      return compileDate(argument ?? "%Y-%m-%d %H:%M:%S", letter === "d");
    case "i":
      return String(process.pid);
    case "t":
    case "T":
      return "0"; // one thread serves and logs
    case "r":
      return (now) => String(Math.max(0, Math.round(now - performance.timeOrigin)));
    case "n":
      return "\n";
    case "h":
      return hostname().split(".")[0]!;
    case "H":
      return hostname();
    case "E":
      return process.env[argument ?? ""] ?? "";
    case "%":
      return "%";
    // Source file, line and function, and the diagnostic contexts: Kea leaves the latter empty, we have neither.
    case "b":
    case "F":
    case "L":
    case "l":
    case "M":
    case "x":
    case "X":
      return "";
    default:
      return undefined;
  }
}

/** Cuts to `maximum` from the left, else pads to `minimum`, on the right with a minus: as log4cplus does. */
function fitting(left: boolean, minimum: number, maximum: number | undefined): Fit | undefined {
  if (minimum === 0 && maximum === undefined) return undefined;
  return (text) => {
    if (maximum !== undefined && text.length > maximum) return text.slice(text.length - maximum);
    return left ? text.padEnd(minimum) : text.padStart(minimum);
  };
}
