/** What Kea 3 calls a script for, with which environment, and what its forensic log has: the same as ours. */
import { describe, expect, test } from "vitest";
import { stage4 } from "../../src/oracle/dhcp4/stage.ts";
import { stage6 } from "../../src/oracle/dhcp6/stage.ts";
import { acts4 } from "../../src/oracle/events/acts4.ts";
import { acts6 } from "../../src/oracle/events/acts6.ts";
import { type Acts, type Call, playEvents } from "../../src/oracle/events/play-events.ts";
import type { Speech, Stage } from "../../src/oracle/speech.ts";
import { findKea } from "../../src/subject/kea.ts";

/** Calls that Kea makes and we do not. */
const NOT_OURS: readonly ((call: Call) => boolean)[] = [
  // A DISCOVER renews nothing.
  ({ title }) => title.startsWith("lease4_renew DHCPDISCOVER"),
  // A lease that was given back is over already.
  ({ environment }) => environment.has("REMOVE_LEASE") && isReleased(environment),
];

function isReleased(environment: Call["environment"]): boolean {
  return (environment.get("LEASE4_STATE") ?? environment.get("LEASE6_STATE")) === "released";
}

async function compare<S extends Speech>(stage: Stage<S>, acts: Acts<S>): Promise<void> {
  const [kea, ours] = await Promise.all([playEvents(stage, "kea3", acts), playEvents(stage, "kotare", acts)]);
  const expected = [...kea.calls.values()].filter((call) => !NOT_OURS.some((is) => is(call)));
  expect([...ours.calls.keys()].sort()).toEqual(expected.map(({ title }) => title).sort());
  for (const { title, environment } of expected) expect(ours.calls.get(title)!.environment, title).toEqual(environment);
  expect(ours.lines).toEqual(kea.lines);
}

describe.skipIf(findKea("kea3", "kea-dhcp4") === undefined)("run_script and legal_log", () => {
  test.concurrent("DHCPv4", () => compare(stage4, acts4));
  test.concurrent("DHCPv6", () => compare(stage6, acts6));

  const IDENTIFIER = "hexstring(option[1].hex, ':')";
  const ADDRESS = "addrtotext(substring(option[3].option[5].hex, 0, 16))";
  const FORMATS: readonly (readonly [string, object])[] = [
    ["of the message", { "request-parser-format": `concat('Q', ${IDENTIFIER})` }],
    ["of the answer", { "response-parser-format": `concat('S', hexstring(pkt6.msgtype, ''))` }],
    [
      "of both, on several lines",
      {
        "request-parser-format": `concat(hexstring(pkt6.transid, ''), concat(0x0a, ${IDENTIFIER}))`,
        "response-parser-format": `ifelse(option[3].exists, concat(' gets ', hexstring(option[3].hex, '')), ' gets none')`,
      },
    ],
    ["of the address in the answer, where there is one", { "response-parser-format": ADDRESS }],
    [
      "of the relays",
      {
        "request-parser-format":
          "ifelse(relay6[0].option[18].exists, concat(addrtotext(relay6[0].peeraddr), relay6[1].option[18].hex), '')",
      },
    ],
    [
      "of the lease in the message",
      {
        "request-parser-format": `concat(${ADDRESS}, ifelse(option[25].option[26].exists, hexstring(option[25].hex, ''), ''))`,
      },
    ],
    ["of addresses of relays that may not be there", { "request-parser-format": "addrtotext(relay6[0].linkaddr)" }],
  ];
  test.each(FORMATS)("DHCPv6, a log %s", (_, legal) => compare(stage6, { ...acts6, legal }));
});
