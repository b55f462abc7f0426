/** Lines of a forensic log as syslog gets them, and as it does not. */
import { beforeEach, expect, it } from "vitest";
import { ManualClock } from "../../base/clock.ts";
import { LegalSyslog, type LegalSyslogOptions } from "./legal-syslog.ts";

let sent: string[];
let said: string[];
let isBroken: boolean;
beforeEach(() => {
  sent = [];
  said = [];
  isBroken = false;
});
const log = { debug: () => {}, info: () => {}, warn: (text: string) => void said.push(text), error: () => {} };

function open(change: Partial<LegalSyslogOptions> = {}): LegalSyslog {
  const options = { program: "kea-dhcp4", pattern: "", facility: "LOCAL0", ...change };
  const send = (path: string, bytes: Uint8Array) => {
    if (isBroken) throw new Error("ECONNREFUSED");
    sent.push(
      `${path} ${Buffer.from(bytes)
        .toString("latin1")
        .replace(/\d\d:\d\d:\d\d kea-dhcp4\[\d+\]/, "T")}`,
    );
  };
  return new LegalSyslog(options, new ManualClock(1_796_040_000), log, send);
}

const append = (store: LegalSyslog, texts: readonly string[]) =>
  store.append(texts.map((text) => ({ address: undefined, text })));

it("each line is a datagram, in Kea's layout", async () => {
  await append(open(), ["one", "two\nlines"]);
  expect(sent).toEqual(
    ["one", "two", "lines"].map(
      (text) => `/dev/log <134>Nov 30 T: INFO  [kea-dhcp4.legal-log.0] LEGAL_LOG_SYSLOG ${text}`,
    ),
  );
});

it("pattern and facility are the operator's", async () => {
  await append(open({ pattern: "%p %m", facility: "local5" }), ["one"]);
  expect(sent).toEqual(["/dev/log <174>Nov 30 T: INFO LEGAL_LOG_SYSLOG one"]);
});

it("what syslog does not take is counted, and said when it takes lines again", async () => {
  const store = open({ pattern: "%m" });
  isBroken = true;
  await append(store, ["one", "two"]);
  await append(store, ["three"]);
  isBroken = false;
  await append(store, ["four"]);
  await append(store, ["five"]);
  expect(sent.map((line) => line.replace(/.*LEGAL_LOG_SYSLOG /, ""))).toEqual([
    "3 lines are missing here that syslog did not take",
    "four",
    "five",
  ]);
  expect(said).toEqual(["syslog does not take the forensic log: ECONNREFUSED"]);
  await store.close();
});
