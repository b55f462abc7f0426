/** Names: of clients, in what scopes say of them, and of shared networks. */
import { compileSanitizer } from "../../names/sanitizer.ts";
import type { Pool4Config } from "../dhcp4-config.ts";
import type { Pointer } from "../fault.ts";
import type { Report } from "./report.ts";

/** What any scope says of names. */
export type NamingScope = {
  readonly [Key in "hostname-char-set" | (typeof TTL_KEYS)[number]]?: Pool4Config[Key];
};

const TTL_KEYS = ["ddns-ttl", "ddns-ttl-min", "ddns-ttl-max", "ddns-ttl-percent"] as const;

/** As in Kea a fixed time to live leaves nothing for the other keys to say. */
export function checkNaming(scope: NamingScope, pointer: Pointer, report: Report): void {
  const set = scope["hostname-char-set"];
  if (set && compileSanitizer(set, "") === undefined) {
    report({
      pointer: [...pointer, "hostname-char-set"],
      value: set,
      message: "is no regular expression that can be decided without going back",
      fix: "write a set of characters such as [^A-Za-z0-9.-]",
      severity: "error",
    });
  }
  const beside = scope["ddns-ttl"] ? TTL_KEYS.slice(1).find((key) => scope[key]) : undefined;
  if (beside !== undefined) {
    const message = 'says nothing beside "ddns-ttl", which is given too';
    report({ pointer: [...pointer, beside], message, fix: "remove one of them", severity: "error", at: "key" });
  }
  const min = scope["ddns-ttl-min"];
  const max = scope["ddns-ttl-max"];
  if (min && max && min > max) {
    const message = `must be at most "ddns-ttl-max", which is ${max} here`;
    report({ pointer: [...pointer, "ddns-ttl-min"], value: min, message, severity: "error" });
  }
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
