/** `interfaces-config`: where the daemon listens. */
import { z } from "zod";
import { choice, count, flag, milliseconds, names, remarks } from "./field.ts";
import { asKea } from "./kea-form.ts";

const shared = {
  "re-detect": flag(
    "Kea: whether a reload looks for new interfaces. It has no effect here: interfaces are watched all the time.",
  ).default(true),
  "service-sockets-require-all": asKea(flag("Whether the daemon ends if it cannot open every interface.").optional(), {
    isSilent: (isOn) => !isOn,
  }),
  "service-sockets-max-retries": asKea(
    count("How often to try again to open an interface; if it is not set, for ever.").optional(),
    { isSilent: (tries) => tries === 0 },
  ),
  "service-sockets-retry-wait-time": asKea(milliseconds("The pause between two tries, 100 at least.").optional(), {
    isSilent: (_, map) => !map["service-sockets-max-retries"],
    complete: ([map]) => (map["service-sockets-max-retries"] ? 5000 : undefined),
  }),
  ...remarks,
};

export const InterfacesConfig4 = z
  .strictObject({
    interfaces: names('Interfaces to serve: "eth0", "eth0/192.0.2.1" for one address of it, "*" for all.').default([]),
    ...shared,
    "dhcp-socket-type": asKea(
      choice("`raw` serves everybody; `udp` serves relayed and unicast traffic only.", ["raw", "udp"]).default("raw"),
      { isSilent: (type) => type === "raw" },
    ),
    "outbound-interface": asKea(
      choice("Whether replies leave by the interface of the query or by the routing table.", [
        "same-as-inbound",
        "use-routing",
      ]).default("same-as-inbound"),
      { isSilent: (way) => way === "same-as-inbound" },
    ),
  })
  .describe("Where the daemon listens.");

export const InterfacesConfig6 = z
  .strictObject({
    interfaces: names(
      'Interfaces to serve: "eth0", "eth0/2001:db8::1" to be reached at that address too, "*" for all.',
    ).default([]),
    ...shared,
  })
  .describe("Where the daemon listens.");
