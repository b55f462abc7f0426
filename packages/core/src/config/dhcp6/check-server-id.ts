/** `server-id`: whether its parts can be put into a DUID. */
import { parseHex } from "../../base/hex.ts";
import { MAX_DUID } from "../../dhcp6/duid.ts";
import type { Report } from "../check/report.ts";
import type { ServerIdConfig } from "../dhcp6-config.ts";
import type { Pointer } from "../fault.ts";

/** Bytes of a DUID before its identifier (RFC 8415 §11.2 to §11.4). */
const HEADER = { LLT: 8, LL: 4, EN: 6 } as const;

export function checkServerId({ type, identifier }: ServerIdConfig, pointer: Pointer, report: Report): void {
  const fault = { pointer: [...pointer, "identifier"], value: identifier } as const;
  const bytes = parseHex(identifier);
  if (bytes === undefined) {
    const fix = "write pairs of digits, such as 1a1b1c1d1e1f";
    report({ ...fault, message: "is not hexadecimal", fix, severity: "error" });
    return;
  }
  const longest = MAX_DUID - HEADER[type];
  if (bytes.length <= longest) return;
  const message = `has ${bytes.length} bytes, of which the first ${longest} fit into a DUID`;
  report({ ...fault, message, fix: "shorten it, if no client knows this server yet", severity: "warning" });
}
