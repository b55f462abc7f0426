/** The options of a DHCPv4 reply, each with the scope that it comes from. */
import type { Place4 } from "@kotare/core/allocate/allocate4";
import type { Section } from "@kotare/core/control/explanation";
import { type Message4, Option4 } from "@kotare/core/dhcp4/message4";
import type { OptionSpaces } from "@kotare/core/options/option-spaces";
import { noOptions, type OptionLayer } from "@kotare/core/options/scope-options";
import { explainOptions } from "@kotare/core/server/explain/explain-options";
import type { Pool4 } from "@kotare/core/subnets/subnet4";
import type { Reply4 } from "../path/outcome4.ts";
import type { Query4 } from "../path/query4.ts";
import type { Service4 } from "../path/service4.ts";
import { encodeOwnOptions } from "../reply/own-options4.ts";

/** @param query with all classes @param written the reply as it is sent */
export function explainOptions4(
  query: Query4,
  reply: Reply4,
  place: Place4,
  written: Message4,
  leftOut: readonly number[],
  { settings }: Service4,
  spaces: OptionSpaces,
): Section {
  const encoded = encodeOwnOptions(query, reply, settings);
  const own = new Set<number>([Option4.messageType, Option4.overload, Option4.relayAgentInformation]);
  for (let at = 0; at < encoded.length; at += 2 + encoded[at + 1]!) own.add(encoded[at]!);
  const options = {
    sent: [...written.optionCodes()].map((code) => ({ code, payload: written.option(code)! })),
    layers: layersOf(query, place, reply.pool),
    own,
    elsewhere: "the exchange itself",
    asked: [...(query.message.option(Option4.parameterRequestList) ?? [])],
    leftOut,
    edited: new Set(reply.edits?.map(({ code }) => code)),
  };
  return explainOptions(options, spaces);
}

/** As `configuredOptions4` lays them. */
function layersOf({ profile }: Query4, { subnet, host }: Place4, pool: Pool4 | undefined): readonly OptionLayer[] {
  const nearer = host === undefined || host.options === noOptions ? [] : [host.options];
  return (pool ?? subnet).options.layers(nearer, profile);
}
