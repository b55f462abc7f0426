/** `config-set`. */
import { done, failed } from "../../answer.ts";
import type { ConfigCommand } from "../../command.ts";
import type { DaemonContext } from "../../daemon-context.ts";

export const configSet: ConfigCommand<DaemonContext> = {
  name: "config-set",
  access: "write",
  summary:
    "Puts a whole configuration into force, given in the form of the file. It is checked while service goes on; a " +
    "bad one changes nothing. The file stays as it is: see `config-write`. Control sockets may be inside the run " +
    "directory only, and files cannot be included.",
  takesConfig: true,
  examples: [
    {
      arguments: { Dhcp4: { "valid-lifetime": 3600, subnet4: [{ id: 1, subnet: "192.0.2.0/24" }] } },
      answer: { arguments: { hash: "650B71C5741FD634…" }, result: 0, text: "Configuration successful." },
    },
  ],
  async run(config, context) {
    if (config.faults.length > 0) return failed(config.faults.join("\n"));
    await config.apply();
    return done("Configuration successful.", { hash: await context.configAnswer().hash() });
  },
};
