/** Where we answer otherwise than Kea 3 with its hooks, on purpose. */
import { because, type Difference } from "./difference.ts";

export const deliberateHooks6: readonly Difference[] = because(
  "A lease has the hardware address of the device that holds it. Kea looks for it in the DUID, and does not find it in " +
    "the one that flex_id has put in its place.",
  { scene: "flex_id, replace-client-id", exchange: "lease file", step: "2001:db8::77", fields: ["hwaddr"] },
  { scene: "flex_id, replace-client-id", exchange: "lease file", step: "2001:db8::10", fields: ["hwaddr"] },
);
