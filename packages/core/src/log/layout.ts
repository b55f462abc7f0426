/** Line layouts: log4cplus' conversion patterns, taken apart once and joined for each line. */
import { hostname } from "node:os";
import { TextWriter } from "../ip/text-writer.ts";
import type { Arguments, Message, Values } from "./catalogue.ts";
import { compileDate } from "./date-format.ts";
import { type Severity, severities } from "./levels.ts";

/** What Kea writes to stdout, stderr and files when `pattern` is empty. */
export const DEFAULT_PATTERN = "%D{%Y-%m-%d %H:%M:%S.%q} %-5p [%c/%i.%t] %m%n";
/** What Kea writes to syslog, which adds date and process id itself. */
export const DEFAULT_SYSLOG_PATTERN = "%-5p [%c.%t] %m%n";

/** Appends a part of a line. */
type Step = (line: TextWriter, now: number, message: Message<Arguments>, values: Values | undefined) => void;
type Fit = (text: string) => string;

/** `%-5.10c{2}`: flags and widths, the letter, an argument. */
const CONVERSION = /%(-?)(\d*)(?:\.(\d+))?([a-zA-Z%])(?:\{([^}]*)\})?/g;

export class Layout {
  readonly #pattern: string;
  readonly #program: string;
  readonly #prefix: (severity: Severity) => string;
  /** Steps by logger slot and severity. */
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
    let constant = this.#prefix(severity);
    const endConstant = () => {
      const bytes = Buffer.from(constant);
      if (bytes.length > 0) steps.push((line) => line.copy(bytes));
      constant = "";
    };
    let at = 0;
    for (const match of this.#pattern.matchAll(CONVERSION)) {
      const [whole, minus, minimum, maximum, letter, argument] = match;
      constant += this.#pattern.slice(at, match.index);
      at = match.index + whole.length;
      const piece = convert(letter!, argument, name, severity) ?? whole;
      const fit = fitting(minus === "-", Number(minimum), maximum === undefined ? undefined : Number(maximum));
      if (typeof piece === "string") {
        constant += fit === undefined ? piece : fit(piece);
      } else {
        endConstant();
        steps.push(fit === undefined ? piece : fitted(piece, fit));
      }
    }
    constant += this.#pattern.slice(at);
    endConstant();
    return steps;
  }
}

/** Made a string only where it must be cut or padded. */
function fitted(step: Step, fit: Fit): Step {
  return (line, now, message, values) => {
    const whole = new TextWriter(256);
    step(whole, now, message, values);
    line.utf8(fit(whole.toString()));
  };
}

/** @returns `undefined` for a letter that log4cplus does not know: it stays in the line, to be seen. */
function convert(
  letter: string,
  argument: string | undefined,
  name: string,
  severity: Severity,
): string | Step | undefined {
  switch (letter) {
    case "m":
      return (line, _, message, values) => message.write(line, values);
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
      return (line, now) => line.utf8(String(Math.max(0, Math.round(now - performance.timeOrigin))));
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
