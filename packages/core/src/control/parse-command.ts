/** The map around every command: `{ "command": "lease4-get", "arguments": { … } }`. */
import { formatFault } from "../config/fault.ts";
import { scanConfig } from "../config/load/scan.ts";

export type ParsedCommand =
  | {
      readonly kind: "command";
      readonly name: string;
      readonly arguments: unknown;
      /** The daemons that are meant. */
      readonly services: readonly string[];
    }
  /** `garbage` is no JSON, `bad` no command. */
  | { readonly kind: "garbage"; readonly what: string }
  | { readonly kind: "bad"; readonly what: string };

/** The last three are of Kea's control agent: which servers are meant, as it has been asked, and who has asked it. */
const KEYS = new Set(["command", "arguments", "service", "remote", "remote-address"]);

/** What commands are called in places: `<wire>:1:23`, as in Kea. */
export const WIRE = "<wire>";

export const noIncludes = {
  read: (): never => {
    throw new Error("a command includes no files");
  },
};

/** @param text one character a byte */
export function parseCommand(text: string): ParsedCommand {
  const { value, faults } = scanConfig({ file: WIRE, text }, noIncludes);
  const wrong = faults.filter(({ severity }) => severity === "error");
  if (wrong.length > 0) return { kind: "garbage", what: wrong.map(formatFault).join("; ") };
  return parseEnvelope(value);
}

export function parseEnvelope(value: unknown): ParsedCommand {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return bad("invalid command: expected toplevel entry to be a map, got list instead");
  }
  const map = value as Readonly<Record<string, unknown>>;
  const name = map["command"];
  if (name === undefined) return bad("invalid command: does not contain mandatory 'command'");
  if (typeof name !== "string") return bad("invalid command: expected 'command' to be a string");
  const unknown = Object.keys(map).find((key) => !KEYS.has(key));
  if (unknown !== undefined) return bad(`invalid command: unsupported parameter '${unknown}'`);
  return { kind: "command", name, arguments: map["arguments"], services: servicesIn(map["service"]) };
}

/** Kea passes over what is no list of names. */
function servicesIn(service: unknown): readonly string[] {
  return Array.isArray(service) ? service.filter((name): name is string => typeof name === "string") : [];
}

function bad(what: string): ParsedCommand {
  return { kind: "bad", what };
}
