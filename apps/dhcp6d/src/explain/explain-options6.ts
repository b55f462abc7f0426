/** The options of a DHCPv6 reply, each with the scope that it comes from. */
import type { Section } from "@kotare/core/control/explanation";
import type { Message6 } from "@kotare/core/dhcp6/message6";
import type { OptionSpaces } from "@kotare/core/options/option-spaces";
import type { OptionLayer } from "@kotare/core/options/scope-options";
import { explainOptions } from "@kotare/core/server/explain/explain-options";
import type { EffectiveOption } from "@kotare/core/subnets/options/effective-options";
import { optionWire6 } from "@kotare/core/subnets/options/option-wire6";
import type { Reply6 } from "../path/outcome6.ts";
import { type Query6, wishesOf } from "../path/query6.ts";
import type { Service6 } from "../path/service6.ts";
import { ownScopes6, servedAt } from "../reply/configured-options6.ts";

/** @param query with all classes @param written the reply as it is sent */
export function explainOptions6(
  query: Query6,
  reply: Reply6,
  written: Message6,
  service: Service6,
  spaces: OptionSpaces,
): Section {
  const sent: EffectiveOption[] = [];
  written.eachOption((code, at, length) => sent.push({ code, payload: written.bytes.subarray(at, at + length) }));
  return explainOptions(
    {
      sent,
      layers: layersOf(query, reply, service),
      own: new Set(optionWire6.computed),
      elsewhere: query.message.isRelayed ? "a relay (option 66)" : "the exchange itself",
      asked: wishesOf(query),
      leftOut: [],
      edited: new Set(reply.edits?.map(({ code }) => code)),
    },
    spaces,
  );
}

/** As `configuredOptions6` lays them. */
function layersOf({ profile }: Query6, reply: Reply6, { scope }: Service6): readonly OptionLayer[] {
  const { place } = reply;
  if (place === undefined) return [];
  if (place === "global") return scope.globalOptions.layers([], profile);
  return servedAt(place, reply).subnet.options.layers(ownScopes6(place, reply), profile);
}
