/** Who may have an address of a pool: `allow`, `deny` and `deny unknown-clients`. */
import { is } from "../dhcpd/token.ts";
import type { Parameter, Settings } from "../statements/settings.ts";
import { isOn, type Json } from "./parameters.ts";
import type { Translation } from "./translation.ts";

const KNOWN = "member('KNOWN')";
const UNKNOWN = "member('UNKNOWN')";
/** True of no client. */
export const NOBODY = "'' == 'x'";

/** Takes the permit list out of a pool's settings. @returns tests that all must hold */
export function takePermits(settings: Settings, translation: Translation): string[] {
  const allowed: string[] = [];
  const denied: string[] = [];
  let isAllAllowed = false;
  for (const [key, parameter] of settings.parameters) {
    const { permission, clause } = parameter;
    const name = key.split(" ")[0]!;
    if (permission === undefined || !PERMIT.test(name)) continue;
    settings.parameters.delete(key);
    const list = permission === "allow" ? allowed : denied;
    const test = testOf(name, parameter, translation);
    if (test === undefined) continue;
    translation.ledger.carry(clause);
    if (test === ALL && permission === "allow") isAllAllowed = true;
    else list.push(test === ALL ? "" : test);
  }
  if (denied.includes("")) return [NOBODY];
  const tests = denied.map((test) => (test === KNOWN ? UNKNOWN : test === UNKNOWN ? KNOWN : `not ${test}`));
  if (allowed.length > 0 && !isAllAllowed) tests.push(allowed.length === 1 ? allowed[0]! : `(${allowed.join(" or ")})`);
  return tests;
}

const PERMIT =
  /^(members|known-clients|unknown-clients|known|unknown|all|dynamic|bootp|authenticated|unauthenticated|after)$/;
const ALL = "all";

function testOf(
  name: string,
  { words, clause }: Parameter,
  { around, ledger, hooks }: Translation,
): string | undefined {
  switch (name) {
    case "known-clients":
    case "known":
      return KNOWN;
    case "unknown-clients":
    case "unknown":
      return UNKNOWN;
    case "all":
      return ALL;
    case "members": {
      const dhcpd = words.find(({ kind }) => kind === "string") ?? words[1];
      const found = around.className(dhcpd?.text ?? "");
      if (found !== undefined) return `member('${found}')`;
      ledger.lose(clause, `names a class that the result does not have: "${dhcpd?.text ?? ""}"`, "declare it");
      return undefined;
    }
    case "dynamic":
    case "bootp":
      hooks.set("libdhcp_bootp.so", undefined);
      return "member('BOOTP')";
    case "after":
      ledger.lose(clause, "depends on the time, which Kea's pools do not", "change the configuration at that time");
      return undefined;
    default:
      ledger.lose(clause, "is about authenticated clients, of whom Kea knows nothing", "leave it out");
      return undefined;
  }
}

/** Whether a scope refuses clients without a host declaration; `undefined` where it does not say. */
export function takeUnknownClients({ parameters }: Settings, { ledger, family }: Translation): boolean | undefined {
  const parameter = parameters.get("unknown-clients");
  if (parameter === undefined) return undefined;
  parameters.delete("unknown-clients");
  if (family.number === 6 && !isOn(parameter)) {
    ledger.note(parameter.clause, "has no effect in DHCPv6: dhcpd heeds it in a pool6 only");
    return undefined;
  }
  ledger.carry(parameter.clause);
  return isOn(parameter);
}

/** Whether a scope refuses all its clients: `deny booting`. */
export function takeBooting({ parameters }: Settings, { ledger }: Translation): boolean {
  const parameter = parameters.get("booting");
  if (parameter === undefined || isOn(parameter)) return false;
  parameters.delete("booting");
  ledger.carry(parameter.clause);
  return true;
}

/** The key that guards a pool. */
export function guardOf(tests: readonly string[], { classes }: Translation): Json {
  const unique = [...new Set(tests)];
  if (unique.length === 0) return {};
  return { "client-class": classes.guard(unique.join(" and ")) };
}

/** A pool of failover peers: both of them serve it. */
export function takeFailover({ parameters }: Settings, { ledger, model }: Translation): void {
  const parameter = parameters.get("failover");
  if (parameter === undefined || !is(parameter.words[0], "peer")) return;
  parameters.delete("failover");
  const name = parameter.words[1]?.text;
  if (model.peers.some((peer) => peer.name === name)) ledger.carry(parameter.clause);
  else ledger.lose(parameter.clause, "names a failover peer that is not declared", "declare it");
}
