/** What a client is called: its reserved name, its own made clean and complete, or one made of its address. */
import { latin1 } from "../base/bytes.ts";
import { checkLabels, formatLabels, parseLabels } from "../wire/domain-name.ts";
import { isQualified } from "../wire/partial-name.ts";
import type { NameRules } from "./name-rules.ts";
import type { Sanitizer } from "./sanitizer.ts";

export interface NameSources {
  /** Empty for none. */
  readonly reserved: string;
  readonly rules: NameRules;
  /** A name made of the address that the client gets or has; `undefined` when it gets none. */
  generate(): string | undefined;
}

/**
 * @param asked RFC 1035 text out of an FQDN option; empty, or the root, when the client wants to be given a name
 * @returns RFC 1035 text that ends in a dot, or `undefined` when nothing is left that would be a name. With what an
 *   operator has added it may have become too long, which shows when it is encoded.
 */
export function chooseFqdn(asked: string, { reserved, rules, generate }: NameSources): string | undefined {
  if (reserved !== "") return `${reservedName(reserved, rules)}.`;
  if (asked === "" || asked === "." || replacesName(rules, true)) {
    const generated = generate();
    return generated && `${generated}.`;
  }
  const { sanitize } = rules;
  const labels = sanitize === undefined ? parseLabels(asked) : sanitizeLabels(parseLabels(asked), sanitize);
  if (checkLabels(labels) !== undefined) return undefined;
  const name = formatLabels(labels).slice(0, -1).toLowerCase();
  return `${isQualified(asked) ? name : rules.qualify(name)}.`;
}

/**
 * @param asked option 12 of DHCPv4, with bytes as characters; `undefined` when the client sent none
 * @returns text without a final dot, or `undefined` for no name
 */
export function chooseHostName(
  asked: string | undefined,
  { reserved, rules, generate }: NameSources,
): string | undefined {
  if (reserved !== "") return fitting(reservedName(reserved, rules));
  if (asked === undefined) return replacesName(rules, false) ? fitting(generate()) : undefined;
  const own = asked.trim();
  // The root is what a client sends that wants to be given a name.
  if (own === ".") return fitting(generate());
  const labels = own.replace(/\.$/, "").split(".");
  if (!isHostName(labels)) return undefined;
  if (replacesName(rules, true)) return fitting(generate());
  const text = labels.join(".");
  const name = (rules.sanitize?.(text) ?? text).toLowerCase();
  return fitting(labels.length > 1 ? name : rules.qualify(name), name);
}

/** What an extension calls the client. One label is completed, and no other name. */
export function completeName(wished: string, { qualify }: Pick<NameRules, "qualify">): string {
  return wished.includes(".") ? wished : qualify(wished);
}

/** Whether a name is made for the client. @param isPresent whether it has one of its own */
export function replacesName({ replaceClientName }: NameRules, isPresent: boolean): boolean {
  return replaceClientName === "always" || replaceClientName === (isPresent ? "when-present" : "when-not-present");
}

/** One that ends in a dot is complete as it stands. */
function reservedName(reserved: string, rules: NameRules): string {
  const name = reserved.toLowerCase();
  return name.endsWith(".") ? name.slice(0, -1) : rules.qualify(name);
}

/** A dot inside a label counts as one between labels: no DNS server likes to be asked for the other kind. */
function sanitizeLabels(labels: readonly Uint8Array[], sanitize: Sanitizer): Uint8Array[] {
  const texts = labels.flatMap((label) => latin1(label).split("."));
  return texts.map((text) => Buffer.from(sanitize(text), "latin1"));
}

const MAX_LABEL = 63;
/** RFC 1035 §2.3.4: 255 bytes on the wire, of which the first length and the root take two. */
const MAX_TEXT = 253;

function isHostName(labels: readonly string[]): boolean {
  return labels.every((label) => label.length > 0 && label.length <= MAX_LABEL);
}

/** @param own the part of it that must not be empty */
function fitting(name: string | undefined, own = name): string | undefined {
  if (name === undefined) return undefined;
  return own !== "" && name.length <= MAX_TEXT && isHostName(name.split(".")) ? name : undefined;
}
