/** What becomes of a DHCPv4 message, and why, step by step: from the attempt that was made at it. */
import type { Explanation, Section } from "@kotare/core/control/explanation";
import { messageLines4 } from "@kotare/core/dhcp4/describe-message4";
import { nameMessageType4 } from "@kotare/core/dhcp4/message-type4";
import { Message4 } from "@kotare/core/dhcp4/message4";
import { dhcp4Spaces } from "@kotare/core/dhcp4/options/dhcp4-spaces";
import type { Host4 } from "@kotare/core/hosts/model/host4";
import { formatIpv4 } from "@kotare/core/ip/ipv4";
import { compileOptionDefs, type OptionSpaces } from "@kotare/core/options/option-spaces";
import { describeDrop } from "@kotare/core/server/explain/describe-drop";
import { explainClasses } from "@kotare/core/server/explain/explain-classes";
import { explainName } from "@kotare/core/server/explain/explain-name";
import { explainReservations, explainSubnet } from "@kotare/core/server/explain/explain-place";
import type { SubnetTrace } from "@kotare/core/server/explain/subnet-trace";
import { type Attempt, bytesOf } from "@kotare/core/server/packets/attempt";
import type { Subnet4 } from "@kotare/core/subnets/subnet4";
import { additionalClasses4 } from "../path/complete4.ts";
import type { Path4, Reply4 } from "../path/outcome4.ts";
import { dropReasons4 } from "../report/drop-reasons4.ts";
import { explainLease4 } from "./explain-lease4.ts";
import { explainOptions4 } from "./explain-options4.ts";

/** @param trace of the attempt, where somebody looked on */
export function explain4(attempt: Attempt<Path4>, trace?: SubnetTrace<Subnet4>): Explanation {
  const spaces = compileOptionDefs(attempt.service.config["option-def"], dhcp4Spaces).spaces;
  const reply = attempt.drop === undefined && attempt.reply !== undefined ? bytesOf(attempt.reply).slice() : undefined;
  return { outcome: outcomeOf(attempt), sections: [...sectionsOf(attempt, reply, spaces, trace)], reply };
}

function* sectionsOf(
  { packet, query, answer, completed, drop, reply, service }: Attempt<Path4>,
  bytes: Uint8Array | undefined,
  spaces: OptionSpaces,
  trace: SubnetTrace<Subnet4> | undefined,
): Generator<Section> {
  const { message, ingress } = packet;
  const way = `from ${formatIpv4(ingress.source)} port ${ingress.sourcePort} to ${formatIpv4(ingress.destination)}`;
  yield { title: "message", lines: [`${way} on ${ingress.interface.name}`, ...messageLines4(message, spaces)] };
  const made = answer?.kind === "reply" ? answer : undefined;
  const classed = query ?? drop?.packet;
  const { set } = service.scope.classes;
  if (classed !== undefined) {
    const asked = made === undefined ? [] : additionalClasses4(made);
    const late = completed === query ? undefined : completed;
    yield explainClasses(classed, late, asked, set);
  }
  if (query === undefined) {
    if (trace !== undefined && trace.lines.length > 0) yield explainSubnet([], trace.lines);
    return;
  }
  yield explainSubnet(query.places, trace?.lines ?? []);
  if (query.places.length > 0) {
    yield explainReservations(query.places, service.identifierTypes, describeHost);
  }
  if (answer?.kind === "done") {
    yield { title: "lease", lines: [`${formatIpv4(answer.lease.address)} is ${answer.event}`] };
  }
  if (made === undefined) return;
  if (made.choice !== undefined) yield explainLease4(query, made, made.choice);
  if (made.name !== undefined) yield explainName(made.name);
  if (bytes === undefined || reply === undefined) return;
  const written = new Message4(bytes);
  if (made.place !== undefined)
    yield explainOptions4(completed!, made, made.place, written, reply.leftOut, service, spaces);
  const fields = [
    `yiaddr=${formatIpv4(made.yiaddr)} to ${formatIpv4(reply.to.address)} port ${reply.to.port}`,
    ...messageLines4(written, spaces),
  ];
  yield { title: "reply", lines: fields };
}

function outcomeOf({ answer, drop }: Attempt<Path4>): string {
  if (drop !== undefined) return describeDrop(dropReasons4[drop.reason], drop.detail);
  if (answer === undefined) return "no answer";
  if (answer.kind === "done") return `${answer.event}: ${formatIpv4(answer.lease.address)}, which gets no answer`;
  return describeReply(answer);
}

function describeReply({ type, yiaddr, lifetime, message }: Reply4): string {
  const name = nameMessageType4(type);
  if (message !== undefined) return `${name}: ${Buffer.from(message).toString("latin1")}`;
  return lifetime === undefined ? name : `${name} of ${formatIpv4(yiaddr)} for ${lifetime} s`;
}

function describeHost({ address, hostname, classes }: Host4): readonly string[] {
  return [
    ...(address === 0 ? [] : [`address ${formatIpv4(address)}`]),
    ...(hostname === "" ? [] : [`host name ${hostname}`]),
    ...(classes.length === 0 ? [] : [`classes ${classes.join(", ")}`]),
  ];
}
