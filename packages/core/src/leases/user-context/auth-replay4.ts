/** RFC 3118 §5.6.1: the last number that a client has used, in the `user-context` of its lease: what is no greater is old. */
import { ownContext, withOwn } from "./user-context.ts";

const KEY = "authentication-replay";
/** Of 64 bits: JSON has no such numbers. */
const DIGITS = 16;

export function withAuthReplay(userContext: string, replay: bigint): string {
  return withOwn(userContext, KEY, replay.toString(16).padStart(DIGITS, "0"));
}

/** `undefined` where the client has not authenticated itself. */
export function authReplayOf(userContext: string): bigint | undefined {
  if (!userContext.includes(`"${KEY}"`)) return undefined;
  const text = ownContext(userContext)[KEY];
  return typeof text === "string" && /^[\da-f]{1,16}$/.test(text) ? BigInt(`0x${text}`) : undefined;
}
