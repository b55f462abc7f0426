/** `tsig-keys`: names, secrets and lengths of signatures. What is said of a secret never shows it. */
import type { Report } from "../check/report.ts";
import type { TsigAlgorithm, TsigKeyConfig } from "../dhcp-ddns-config.ts";
import type { Pointer } from "../fault.ts";
import { nameKey } from "./name-key.ts";

/** Bits of a signature before it is cut. */
const DIGEST_BITS: Readonly<Record<TsigAlgorithm, number>> = {
  "HMAC-MD5": 128,
  "HMAC-SHA1": 160,
  "HMAC-SHA224": 224,
  "HMAC-SHA256": 256,
  "HMAC-SHA384": 384,
  "HMAC-SHA512": 512,
};

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** Whether a text is base 64 of at least one byte; white space does not count. */
export function isSecret(text: string): boolean {
  const compact = text.replace(/\s/g, "");
  return compact !== "" && BASE64.test(compact);
}

/** @returns the names, for those who refer to them */
export function checkTsigKeys(keys: readonly TsigKeyConfig[], root: Pointer, report: Report): ReadonlySet<string> {
  const names = new Set<string>();
  keys.forEach((key, i) => {
    const pointer = [...root, i];
    const name = { pointer: [...pointer, "name"], value: key.name, severity: "error" } as const;
    if (key.name === "") report({ ...name, message: "is no name", fix: "write the name that the DNS server knows" });
    else if (names.has(nameKey(key.name))) {
      report({ ...name, message: "is the name of another key too", fix: "rename one of them" });
    }
    names.add(nameKey(key.name));
    checkSecret(key, pointer, report);
    checkDigestBits(key, pointer, report);
  });
  return names;
}

function checkSecret({ secret, "secret-file": file }: TsigKeyConfig, pointer: Pointer, report: Report): void {
  const severity = "error";
  if (secret === undefined && file === undefined) {
    report({ pointer, message: "has no secret", fix: 'write "secret" or "secret-file"', severity });
  } else if (secret !== undefined && file !== undefined) {
    report({ pointer, message: 'has both "secret" and "secret-file"', fix: "remove one of them", severity });
  } else if (secret !== undefined && !isSecret(secret)) {
    const message = "is not base 64";
    report({ pointer: [...pointer, "secret"], message, fix: "copy it as tsig-keygen prints it", severity });
  } else if (file === "") {
    report({ pointer: [...pointer, "secret-file"], message: "names no file", fix: "name one", severity });
  }
}

/** RFC 8945 §5.2.2.1: whole bytes, at least ten, and at least half of them. */
function checkDigestBits(key: TsigKeyConfig, pointer: Pointer, report: Report): void {
  const { "digest-bits": bits, algorithm } = key;
  const all = DIGEST_BITS[algorithm];
  const least = Math.max(80, all / 2);
  if (bits === 0 || (bits % 8 === 0 && bits >= least && bits <= all)) return;
  report({
    pointer: [...pointer, "digest-bits"],
    value: bits,
    message: `is no length for ${algorithm}`,
    fix: `write 0 for all ${all} bits, or a multiple of 8 from ${least} to ${all}`,
    severity: "error",
  });
}
