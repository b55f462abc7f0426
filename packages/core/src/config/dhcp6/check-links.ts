/** How clients of a subnet or shared network are told from others, and answered, where that must fit together. */
import type { Report } from "../check/report.ts";
import type { SharedNetwork6Config, Subnet6Config } from "../dhcp6-config.ts";
import type { Pointer } from "../fault.ts";

/** Clients are either on the link or behind a relay that names it. */
export function checkLink(
  scope: Pick<Subnet6Config, "interface" | "interface-id">,
  pointer: Pointer,
  report: Report,
): void {
  if ((scope.interface ?? "") === "" || (scope["interface-id"] ?? "") === "") return;
  report({
    pointer: [...pointer, "interface-id"],
    message: 'stands beside "interface"',
    fix: 'keep "interface" for clients on the link, or "interface-id" for clients behind a relay',
    severity: "error",
    at: "key",
  });
}

/** A client gets one answer for the whole link. */
export function checkRapidCommit(network: SharedNetwork6Config, pointer: Pointer, report: Report): void {
  const inherited = network["rapid-commit"] ?? false;
  const first = network.subnet6[0]?.["rapid-commit"] ?? inherited;
  network.subnet6.forEach((subnet, i) => {
    if ((subnet["rapid-commit"] ?? inherited) === first) return;
    report({
      pointer: [...pointer, "subnet6", i, "rapid-commit"],
      value: subnet["rapid-commit"],
      message: `is not what the network's first subnet has, ${first}`,
      fix: 'write "rapid-commit" at the network',
      severity: "error",
    });
  });
}
