/** RFC 8415 §18.3.1: answers a SOLICIT with an ADVERTISE, or at once with a REPLY where both sides want that. */
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import type { Handler6 } from "../path/outcome6.ts";
import { iasOf } from "../path/query6.ts";
import { reconfigureFor } from "../summons/reconfigure-terms6.ts";
import { assignIas } from "./assign-ias6.ts";

export const solicit6: Handler6 = (query, facts) => {
  const place = query.places[0];
  const isRapid = query.message.wantsRapidCommit && place?.subnet.parameters.rapidCommit === true;
  const { answers, changes, name } = assignIas(query, facts, isRapid ? "lease" : "offer", iasOf(query));
  return {
    kind: "reply",
    type: isRapid ? MessageType6.REPLY : MessageType6.ADVERTISE,
    ias: answers,
    status: undefined,
    isRapid,
    place: place ?? "global",
    name,
    changes,
    reconfigure: isRapid ? reconfigureFor(query, facts) : undefined,
    event: isRapid ? "leased" : "offered",
  };
};
