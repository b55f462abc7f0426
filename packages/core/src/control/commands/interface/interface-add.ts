/** `interface-add`. */
import { z } from "zod";
import { type AddressText, ipv4Text, ipv6Text } from "../../../config/check/address-text.ts";
import { checkInterfaces, parseInterfaceText } from "../../../config/check/check-interfaces.ts";
import { type ConfigFault, formatFault } from "../../../config/fault.ts";
import { done, failed } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import type { DhcpContext } from "../../dhcp-context.ts";

export const interfaceAdd = defineCommand({
  name: "interface-add",
  access: "write",
  summary:
    "Serves more interfaces, as if `interfaces` of `interfaces-config` named them, too. The file stays as it is: see " +
    "`config-write`. An interface that does not exist is served as soon as it does, and the answer tells of it.",
  arguments: z.object({
    interfaces: z.array(z.string()).min(1).describe("Each as in the file: `eth0`, `eth0/192.0.2.1` or `*`."),
  }),
  examples: [
    { arguments: { interfaces: ["eth0/192.0.2.1", "eth1"] }, answer: done("Operation succeeded.") },
    { arguments: { interfaces: ["eth2"] }, answer: done("Operation succeeded. Not served yet: eth2.") },
  ],
  async run({ interfaces: added }, context: DhcpContext) {
    let faults: readonly ConfigFault[] = [];
    await context.changeInterfaces((listed) => {
      const all = [...new Set([...listed, ...added])];
      faults = context.family === 4 ? faultsOf(ipv4Text, all) : faultsOf(ipv6Text, all);
      return faults.length === 0 && all.length > listed.length ? all : undefined;
    });
    if (faults.length > 0) return failed(faults.map(formatFault).join("; "));
    const served = new Set(context.interfaces().flatMap(({ name, isServed }) => (isServed ? [name] : [])));
    const names = new Set(added.map((text) => parseInterfaceText(text).name));
    const unserved = [...names].filter((name) => name !== "*" && !served.has(name));
    return done(`Operation succeeded.${unserved.length === 0 ? "" : ` Not served yet: ${unserved.join(", ")}.`}`);
  },
});

function faultsOf<Address extends number | string>(family: AddressText<Address>, interfaces: readonly string[]) {
  const faults: ConfigFault[] = [];
  checkInterfaces(family, interfaces, ["interfaces-config"], (fault) => void faults.push(fault));
  return faults;
}
