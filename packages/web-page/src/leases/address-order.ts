/** Addresses as numbers, so that a page of leases can begin anywhere. */

/** The one before; `undefined` where there is none, or where the text is no address. */
export function addressBefore(text: string): string | undefined {
  const number = parseIpv4(text) ?? parseIpv6(text);
  if (number === undefined || number === 0n) return undefined;
  return text.includes(":") ? formatIpv6(number - 1n) : formatIpv4(number - 1n);
}

/** What has been typed of an address, made whole: `10.1` is 10.1.0.0, `2001:db8:` is 2001:db8::. */
export function completeAddress(begun: string): string | undefined {
  if (/^\d{1,3}(\.\d{0,3}){0,3}$/.test(begun) && begun.includes(".")) {
    const parts = begun.split(".").filter((part) => part !== "");
    const whole = [...parts, "0", "0", "0"].slice(0, 4).join(".");
    return parseIpv4(whole) === undefined ? undefined : whole;
  }
  if (!begun.includes(":")) return undefined;
  return [begun, `${begun.replace(/:$/, "")}::`].find((text) => parseIpv6(text) !== undefined);
}

function parseIpv4(text: string): bigint | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  const parts = text.split(".").map(Number);
  return parts.some((part) => part > 255) ? undefined : BigInt(parts.reduce((sum, part) => sum * 256 + part, 0));
}

function parseIpv6(text: string): bigint | undefined {
  if (!/^[\da-f:]+$/i.test(text)) return undefined;
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(missing).fill("0"), ...tail];
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return BigInt(`0x${groups.map((group) => group.padStart(4, "0")).join("")}`);
}

function formatIpv4(number: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (number >> shift) & 0xffn).join(".");
}

/** Not the shortest form: daemons read any. */
function formatIpv6(number: bigint): string {
  return number
    .toString(16)
    .padStart(32, "0")
    .replace(/(.{4})(?=.)/g, "$1:");
}
