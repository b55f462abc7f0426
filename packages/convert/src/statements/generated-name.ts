/** Names made of addresses, such as `concat("dhcp-", binary-to-ascii(10, 8, "-", leased-address))`: Kea makes the same ones. */
import type { DhcpdExpression } from "../dhcpd/expression.ts";

/** Keys of Kea's. */
export interface GeneratedName {
  readonly "ddns-generated-prefix": string;
  /** Whether what clients call themselves counts more. */
  readonly "ddns-replace-client-name": "always" | "when-not-present";
}

/** @returns `undefined` for other expressions */
export function generatedNameOf(expression: DhcpdExpression): GeneratedName | undefined {
  if (expression.kind !== "call") return undefined;
  const { name, parts } = expression;
  if (/^pick(-first-value)?$/.test(name)) {
    const found = parts.length > 1 ? generatedNameOf(parts.at(-1)!) : undefined;
    if (found === undefined || !parts.slice(0, -1).every(isClientsName)) return undefined;
    return { ...found, "ddns-replace-client-name": "when-not-present" };
  }
  const [text, address, ...more] = partsOf(expression);
  if (text?.kind !== "text" || address === undefined || more.length > 0 || !isDashedAddress(address)) return undefined;
  const prefix = /^([A-Za-z0-9_.-]*[A-Za-z0-9])-$/.exec(text.text)?.[1];
  return prefix === undefined ? undefined : { "ddns-generated-prefix": prefix, "ddns-replace-client-name": "always" };
}

/** What a client calls itself. */
function isClientsName(expression: DhcpdExpression): boolean {
  if (expression.kind === "call") return expression.name === "ddns-hostname";
  return (
    expression.kind === "option" && /^(dhcp\.host-name|fqdn\.hostname|server\.ddns-hostname)$/.test(pathOf(expression))
  );
}

export function pathOf({ space, name }: DhcpdExpression & { readonly kind: "option" }): string {
  return `${space}.${name}`;
}

/** Of concatenations in each other. */
function partsOf(expression: DhcpdExpression): readonly DhcpdExpression[] {
  if (expression.kind !== "call" || expression.name !== "concat") return [expression];
  return expression.parts.flatMap(partsOf);
}

function isDashedAddress(expression: DhcpdExpression): boolean {
  if (expression.kind !== "call" || expression.name !== "binary-to-ascii") return false;
  const [base, width, separator, value] = expression.parts;
  const is = (part: DhcpdExpression | undefined, number: number) => part?.kind === "octets" && part.number === number;
  const isLeased = value?.kind === "call" && value.name === "leased-address";
  return is(base, 10) && is(width, 8) && separator?.kind === "text" && separator.text === "-" && isLeased;
}
