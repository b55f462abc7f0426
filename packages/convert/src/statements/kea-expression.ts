/** dhcpd's expressions in Kea's language. */
import { type DhcpdExpression, ExpressionError } from "../dhcpd/expression.ts";
import type { DhcpdOption, OptionRegistry } from "../dhcpd/option-registry.ts";

/** An expression that Kea has no words for. */
export class Untranslatable extends Error {}

export interface ExpressionSurroundings {
  readonly family: 4 | 6;
  readonly registry: OptionRegistry;
  /** What dhcpd's class is called in the result; `undefined` where there is none. */
  className(name: string): string | undefined;
}

type Call = DhcpdExpression & { readonly kind: "call" };

/** @throws {Untranslatable} */
export function conditionOf(expression: DhcpdExpression, around: ExpressionSurroundings): string {
  switch (expression.kind) {
    case "and":
    case "or": {
      const { kind, parts } = expression;
      return parts.map((part) => inside(part, conditionOf(part, around), kind)).join(` ${kind} `);
    }
    case "not":
      return `not (${conditionOf(expression.part, around)})`;
    case "compare":
      return comparison(expression, around);
    case "call":
      return test(expression, around);
    default:
      throw new Untranslatable("a value is no condition");
  }
}

function inside(part: DhcpdExpression, text: string, around: "and" | "or"): string {
  const isOther = (part.kind === "and" || part.kind === "or") && part.kind !== around;
  return isOther ? `(${text})` : text;
}

function test({ name, parts }: Call, around: ExpressionSurroundings): string {
  switch (name) {
    case "exists":
      return `${optionOf(parts[0]!, around)}.exists`;
    case "known":
      return "member('KNOWN')";
    case "check": {
      const [first] = parts;
      const text = first?.kind === "text" ? first.text : "";
      const known = around.className(text);
      if (known === undefined) throw new Untranslatable(`there is no class "${text}"`);
      return `member('${known}')`;
    }
    default:
      throw new Untranslatable(`Kea's expressions have no "${name}"`);
  }
}

function comparison(
  { operator, parts: [left, right] }: DhcpdExpression & { readonly kind: "compare" },
  around: ExpressionSurroundings,
): string {
  if (operator === "~=" || operator === "~~") {
    if (right.kind !== "text") throw new Untranslatable("a regular expression must be a text");
    return simpleMatch(right.text, dataOf(left, around), operator === "~~");
  }
  const equal = equality(left, right, around) ?? equality(right, left, around);
  const text = equal ?? `${dataOf(left, around)} == ${dataOf(right, around)}`;
  return operator === "=" ? text : `not (${text})`;
}

/** Kea 2.6 has no regular expressions, but those that only say how a value begins or ends can be said without. */
function simpleMatch(pattern: string, value: string, isBlind: boolean): string {
  const [, start, text, end] = /^(\^?)([\w :/@-]+)(\$?)$/.exec(pattern) ?? [];
  if (text === undefined || (start === "" && end === "")) {
    throw new Untranslatable("Kea 2.6 has no regular expressions, though Kotare and Kea 3 have match(PATTERN, VALUE)");
  }
  const [wanted, given] = isBlind ? [text.toLowerCase(), `lcase(${value})`] : [text, value];
  const quoted = literal(Buffer.from(wanted, "latin1"));
  if (start !== "" && end !== "") return `${given} == ${quoted}`;
  const part = start === "" ? `-${text.length}, all` : `0, ${text.length}`;
  return `substring(${given}, ${part}) == ${quoted}`;
}

/** Comparisons that Kea says more shortly than word by word. */
function equality(left: DhcpdExpression, right: DhcpdExpression, around: ExpressionSurroundings): string | undefined {
  if (left.kind !== "call") return undefined;
  if (left.name === "hardware" && right.kind === "octets" && right.bytes.length > 1) {
    const [type, ...address] = right.bytes;
    const same = `pkt4.mac == ${literal(Uint8Array.from(address))}`;
    return around.family === 4 && type === 1 ? same : undefined;
  }
  if (left.name === "extract-int" && right.kind === "octets" && right.number !== undefined) {
    const [value, width] = left.parts;
    const size = width?.kind === "octets" ? (width.number ?? 0) / 8 : 0;
    if (value === undefined || ![1, 2, 4].includes(size)) return undefined;
    const digits = right.number.toString(16).padStart(2 * size, "0");
    return `substring(${dataOf(value, around)}, 0, ${size}) == 0x${digits}`;
  }
  return undefined;
}

/** @throws {Untranslatable} */
export function dataOf(expression: DhcpdExpression, around: ExpressionSurroundings): string {
  switch (expression.kind) {
    case "text":
      return literal(Buffer.from(expression.text, "latin1"));
    case "octets":
      if (expression.bytes.length === 0) throw new Untranslatable("a number this large is no bytes");
      return literal(expression.bytes);
    case "option":
      return `${optionOf(expression, around)}.hex`;
    case "call":
      return callOf(expression, around);
    default:
      throw new Untranslatable("a condition is no value");
  }
}

/** `hardware` in dhcpd begins with the type of the link. */
const HARDWARE = "concat(substring(pkt4.htype, 3, 1), pkt4.mac)";

function callOf({ name, parts }: Call, around: ExpressionSurroundings): string {
  const data = (i: number) => {
    const part = parts[i];
    if (part === undefined) throw new ExpressionError(`"${name}" has too few parts`);
    return dataOf(part, around);
  };
  switch (name) {
    case "hardware":
      if (around.family === 6) throw new Untranslatable("Kea's expressions do not see a hardware address in DHCPv6");
      return HARDWARE;
    case "substring":
      return substring(parts, around);
    case "suffix":
      return `substring(${data(0)}, -${numberOf(parts[1])}, all)`;
    case "concat":
      return parts.map((_, i) => data(i)).reduceRight((rest, part) => `concat(${part}, ${rest})`);
    case "lcase":
    case "ucase":
      return `${name}(${data(0)})`;
    case "pick":
    case "pick-first-value":
      return parts.reduceRight<string | undefined>((rest, part, i) => {
        if (rest === undefined) return data(i);
        return `ifelse(${hasValue(part, around)}, ${data(i)}, ${rest})`;
      }, undefined)!;
    case "binary-to-ascii":
      return asText(parts, around);
    case "encode-int": {
      const [value, width] = [numberOf(parts[0]), numberOf(parts[1])];
      return `0x${value.toString(16).padStart(width / 4, "0")}`;
    }
    case "packet": {
      const field = FIELDS[`${numberOf(parts[0])},${numberOf(parts[1])}`];
      if (around.family === 6 || field === undefined)
        throw new Untranslatable("Kea's expressions see no bytes of the packet");
      return field;
    }
    case "v6relay": {
      const number = numberOf(parts[0]);
      const option = parts[1];
      if (around.family === 4 || option?.kind !== "option") throw new Untranslatable("v6relay takes an option");
      if (number === 0) return dataOf(option, around);
      return `${relayOf(number)}.option[${find(option, around).code}].hex`;
    }
    default:
      throw new Untranslatable(`Kea's expressions have no "${name}"`);
  }
}

/** @param number as dhcpd counts relays: 1 is nearest to the client, and what is too much nearest to the server */
export function relayOf(number: number): string {
  return `relay6[${number > 32 ? 0 : -number}]`;
}

/** RFC 2131 §2: where the fixed fields of a message stand. */
const FIELDS: Readonly<Record<string, string>> = {
  "12,4": "pkt4.ciaddr",
  "16,4": "pkt4.yiaddr",
  "20,4": "pkt4.siaddr",
  "24,4": "pkt4.giaddr",
  "28,6": "pkt4.mac",
};

function substring(parts: readonly DhcpdExpression[], around: ExpressionSurroundings): string {
  const [value, offset, length] = [parts[0]!, numberOf(parts[1]), numberOf(parts[2])];
  if (value.kind === "call" && value.name === "hardware" && offset > 0 && around.family === 4) {
    return offset === 1 && length === 6 ? "pkt4.mac" : `substring(pkt4.mac, ${offset - 1}, ${length})`;
  }
  return `substring(${dataOf(value, around)}, ${offset}, ${length})`;
}

/** `binary-to-ascii(base, width, separator, value)`, for bytes in hexadecimal digits and for an IPv4 address. */
function asText(parts: readonly DhcpdExpression[], around: ExpressionSurroundings): string {
  const [base, width, separator, value] = [numberOf(parts[0]), numberOf(parts[1]), parts[2], parts[3]];
  if (separator?.kind !== "text" || value === undefined) throw new ExpressionError("binary-to-ascii takes four parts");
  if (base === 16 && width === 8) return `hexstring(${dataOf(value, around)}, ${quoted(separator.text)})`;
  if (base === 10 && width === 8 && separator.text === ".") return `addrtotext(${dataOf(value, around)})`;
  throw new Untranslatable("Kea's expressions write bytes in hexadecimal digits, or as an address");
}

function hasValue(expression: DhcpdExpression, around: ExpressionSurroundings): string {
  if (expression.kind === "option") return `${optionOf(expression, around)}.exists`;
  return `not (${dataOf(expression, around)} == '')`;
}

function numberOf(expression: DhcpdExpression | undefined): number {
  if (expression?.kind === "octets" && expression.number !== undefined) return expression.number;
  throw new Untranslatable("Kea's expressions need a number there");
}

function find(expression: DhcpdExpression & { readonly kind: "option" }, around: ExpressionSurroundings): DhcpdOption {
  const { space, name } = expression;
  const option = around.registry.byName(space, name);
  if (option === undefined) throw new Untranslatable(`there is no option ${space}.${name}`);
  return option;
}

function optionOf(expression: DhcpdExpression, around: ExpressionSurroundings): string {
  if (expression.kind !== "option") throw new Untranslatable("exists takes an option");
  if (expression.from === "config-option")
    throw new Untranslatable("Kea's expressions see no options of the configuration");
  const option = find(expression, around);
  const { registry } = around;
  if (option.space === registry.main) return `option[${option.code}]`;
  if (option.space === "agent" && around.family === 4) return `relay4[${option.code}]`;
  const [carrier] = registry.carriersOf(option.space).filter(({ space }) => space === registry.main);
  if (carrier === undefined) throw new Untranslatable(`Kea's expressions do not look into the space "${option.space}"`);
  if (carrier.code === 81 || carrier.code === 39) {
    throw new Untranslatable("Kea's expressions do not look into the client's FQDN option");
  }
  return `option[${carrier.code}].option[${option.code}]`;
}

/** Bytes as Kea's expressions write them. */
export function literal(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("latin1");
  return /^[\x20-\x26\x28-\x7e]*$/.test(text) ? `'${text}'` : `0x${Buffer.from(bytes).toString("hex")}`;
}

function quoted(text: string): string {
  if (text.includes("'")) throw new Untranslatable("Kea's texts can have no quote");
  return `'${text}'`;
}
