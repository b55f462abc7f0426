/** What becomes of a DHCPv6 message, and why, step by step: from the attempt that was made at it. */
import type { Explanation, Section } from "@kotare/core/control/explanation";
import { messageLines6 } from "@kotare/core/dhcp6/describe-message6";
import { MessageType6, nameMessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { dhcp6Spaces } from "@kotare/core/dhcp6/options/dhcp6-spaces";
import type { Host6 } from "@kotare/core/hosts/model/host6";
import { formatIpv6Key } from "@kotare/core/ip/ipv6-key";
import { compileOptionDefs, type OptionSpaces } from "@kotare/core/options/option-spaces";
import { describeDrop } from "@kotare/core/server/explain/describe-drop";
import { explainClasses } from "@kotare/core/server/explain/explain-classes";
import { explainName } from "@kotare/core/server/explain/explain-name";
import { explainReservations, explainSubnet } from "@kotare/core/server/explain/explain-place";
import type { SubnetTrace } from "@kotare/core/server/explain/subnet-trace";
import { type Attempt, bytesOf } from "@kotare/core/server/packets/attempt";
import type { Subnet6 } from "@kotare/core/subnets/subnet6";
import { additionalClasses6 } from "../path/complete6.ts";
import type { Path6, Reply6 } from "../path/outcome6.ts";
import { dropReasons6 } from "../report/drop-reasons6.ts";
import { describeLease6, explainLeases6 } from "./explain-leases6.ts";
import { explainOptions6 } from "./explain-options6.ts";

/** @param trace of the attempt, where somebody looked on */
export function explain6(attempt: Attempt<Path6>, trace?: SubnetTrace<Subnet6>): Explanation {
  const { drop, answer, service } = attempt;
  const spaces = compileOptionDefs(service.config["option-def"], dhcp6Spaces).spaces;
  const isSent = drop === undefined && answer?.kind === "reply" && attempt.reply !== undefined;
  const reply = isSent ? bytesOf(attempt.reply!).slice() : undefined;
  return { outcome: outcomeOf(attempt), sections: [...sectionsOf(attempt, reply, spaces, trace)], reply };
}

function* sectionsOf(
  { packet, query, answer, completed, drop, reply, service }: Attempt<Path6>,
  bytes: Uint8Array | undefined,
  spaces: OptionSpaces,
  trace: SubnetTrace<Subnet6> | undefined,
): Generator<Section> {
  const { message, ingress } = packet;
  const way = `from ${formatIpv6Key(ingress.source)} port ${ingress.sourcePort} to ${formatIpv6Key(ingress.destination)}`;
  yield { title: "message", lines: [`${way} on ${ingress.interface.name}`, ...messageLines6(message, spaces)] };
  const classed = query ?? drop?.packet;
  if (classed !== undefined) {
    const asked = answer === undefined ? [] : additionalClasses6(answer);
    yield explainClasses(classed, completed === query ? undefined : completed, asked, service.scope.classes.set);
  }
  if (query === undefined) {
    if (trace !== undefined && trace.lines.length > 0) yield explainSubnet([], trace.lines);
    return;
  }
  yield explainSubnet(query.places, trace?.lines ?? []);
  if (query.places.length > 0) yield explainReservations(query.places, service.identifierTypes, describeHost);
  if (answer === undefined) return;
  if (answer.ias.length > 0) yield explainLeases6(query, answer);
  if (answer.name !== undefined) yield explainName(answer.name);
  if (bytes === undefined || reply === undefined) return;
  const written = new Message6(bytes);
  yield explainOptions6(completed!, answer, written, service, spaces);
  const to = `to ${formatIpv6Key(reply.to.address)} port ${reply.to.port}`;
  yield { title: "reply", lines: [to, ...messageLines6(written, spaces)] };
}

function outcomeOf({ answer, drop }: Attempt<Path6>): string {
  if (drop !== undefined) return describeDrop(dropReasons6[drop.reason], drop.detail);
  return answer === undefined ? "no answer" : describeReply(answer);
}

function describeReply({ type, ias, status, event, changes }: Reply6): string {
  if (type === MessageType6.DHCPV4_QUERY) return "passed on to the DHCPv4 server";
  const given = ias.flatMap((ia) => ia.given.map(describeLease6));
  const ended =
    event === "released" || event === "declined" ? changes.put.map(({ address }) => formatIpv6Key(address)) : [];
  const parts = [
    ...(given.length === 0 ? [] : [`with ${given.join(", ")}`]),
    ...(ended.length === 0 ? [] : [`${event}: ${ended.join(", ")}`]),
    ...[status, ...ias.map((ia) => ia.status)].flatMap((each) => (each === undefined ? [] : [describeStatus(each)])),
  ];
  return [nameMessageType6(type), ...parts].join(", ");
}

function describeStatus({ code, text }: NonNullable<Reply6["status"]>): string {
  return `status ${code}${text === "" ? "" : ` '${text}'`}`;
}

function describeHost({ leases, hostname, classes }: Host6): readonly string[] {
  return [
    ...leases.map(describeLease6),
    ...(hostname === "" ? [] : [`host name ${hostname}`]),
    ...(classes.length === 0 ? [] : [`classes ${classes.join(", ")}`]),
  ];
}
