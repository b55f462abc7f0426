/** `config-test`. */
import { done, failed } from "../../answer.ts";
import type { ConfigCommand } from "../../command.ts";
import type { DaemonContext } from "../../daemon-context.ts";

export const configTest: ConfigCommand<DaemonContext> = {
  name: "config-test",
  access: "read",
  summary: "Checks a whole configuration while service goes on, and lists all errors in it. It changes nothing.",
  takesConfig: true,
  examples: [
    {
      arguments: { Dhcp4: { subnet4: [{ id: 1, subnet: "192.0.2.0" }] } },
      answer: { result: 1, text: '<wire>:1:84: Dhcp4.subnet4[0].subnet: "192.0.2.0" is not a prefix; …' },
    },
  ],
  run(config) {
    if (config.faults.length > 0) return failed(config.faults.join("\n"));
    // Kea's words: tools look for them.
    return done(
      "Configuration seems sane. Control-socket, hook-libraries, and D2 configuration were sanity checked, but not applied.",
    );
  },
};
