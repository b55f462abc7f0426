/** What the kernel had no room for at a UDP socket of ::1. Node's sockets do not tell. */
import { readFile } from "node:fs/promises";

/** Of this network namespace: a line for each socket, its local end first and its losses last. */
const SOCKETS = "/proc/self/net/udp6";
/** The kernel writes 32 bits at a time, in the machine's order. */
const LOOPBACK = "0{24}(?:01000000|00000001)";

/** @returns how many datagrams; 0 where there is no such socket, and on other systems */
export async function loopbackDrops(port: number): Promise<number> {
  const sockets = await readFile(SOCKETS, "latin1").catch(() => "");
  const digits = port.toString(16).toUpperCase().padStart(4, "0");
  const line = new RegExp(`^ *\\d+: ${LOOPBACK}:${digits} .*`, "m").exec(sockets)?.[0] ?? "";
  return Number(/(\d+) *$/.exec(line)?.[1] ?? 0);
}
