/** Names: the sets of characters that host names may have, and what shared networks are called. */
import type { Pointer } from "../fault.ts";
import type { Report } from "./report.ts";

/** POSIX knows more expressions; only a bracket expression is evaluated in constant time a character. */
const BRACKET = /^(?:\[\^?\]?[^\]]*\])?$/;

/** `hostname-char-set` of any scope. */
export function checkHostnameSet(
  scope: { readonly "hostname-char-set"?: string | undefined },
  pointer: Pointer,
  report: Report,
): void {
  const set = scope["hostname-char-set"];
  if (set === undefined || (BRACKET.test(set) && !set.includes("[:"))) return;
  report({
    pointer: [...pointer, "hostname-char-set"],
    value: set,
    message: "is not one set of characters",
    fix: "write a set in brackets without classes such as [:alpha:], for example [^A-Za-z0-9.-]",
    severity: "error",
  });
}

/** @param names of the networks seen so far; the network's own is added */
export function checkNetworkName(name: string, names: Set<string>, pointer: Pointer, report: Report): void {
  const fault = { pointer: [...pointer, "name"], value: name, severity: "error" } as const;
  if (name === "") report({ ...fault, message: "is no name", fix: "give the network one" });
  else if (names.has(name)) {
    report({ ...fault, message: "is the name of another network too", fix: "rename one of them" });
  }
  names.add(name);
}
