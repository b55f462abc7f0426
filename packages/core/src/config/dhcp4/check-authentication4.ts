/** Whether what `authentication` and `authentication-required` say goes together (RFC 3118). */
import type { Report } from "../check/report.ts";
import { visitScopes } from "../check/visit-scopes.ts";
import type { Dhcp4Config, Subnet4Config } from "../dhcp4-config.ts";
import type { Pointer } from "../fault.ts";
import { parseIdentifier } from "../host-identifier.ts";
import { authenticatesOf } from "../kotare4.ts";

const SETTINGS = ["user-context", "kotare"];

export function checkAuthentication4(config: Dhcp4Config, root: Pointer, report: Report): void {
  const authentication = config["user-context"]?.kotare?.authentication;
  const checkRequired = (scope: Pick<Subnet4Config, "user-context">, pointer: Pointer) => {
    if (authenticatesOf(scope) !== true || authentication !== undefined) return;
    report({
      pointer: [...pointer, ...SETTINGS, "authentication-required"],
      message: "needs keys, or no message could be authenticated",
      fix: 'add "authentication" to user-context.kotare of Dhcp4',
      severity: "error",
    });
  };
  checkRequired(config, root);
  visitScopes(config, "subnet4", root, {
    network: (network, pointer) => checkRequired(network, pointer),
    subnet: (subnet, _, pointer) => checkRequired(subnet, pointer),
  });
  if (authentication === undefined) return;
  const pointer = [...root, ...SETTINGS, "authentication"];
  authentication.keys.forEach(({ client }, i) => {
    if (client === undefined || parseIdentifier(client) !== undefined) return;
    report({
      pointer: [...pointer, "keys", i, "client"],
      value: client,
      message: "is neither hexadecimal nor text in single quotes",
      fix: "write 1a:1b:1c:1d:1e:1f",
      severity: "error",
    });
  });
  const classes = new Set(config["client-classes"].map(({ name }) => name));
  authentication["required-classes"].forEach((name, i) => {
    if (classes.has(name)) return;
    report({
      pointer: [...pointer, "required-classes", i],
      value: name,
      message: "is no class that is defined: nobody has to authenticate for it",
      fix: 'correct the name, or define it in "client-classes"',
      severity: "warning",
    });
  });
}
