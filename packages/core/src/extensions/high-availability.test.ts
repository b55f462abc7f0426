/** What a configuration may say of a pair of servers, and what is said about the rest. */
import { expect, it } from "vitest";
import { dhcp4Family } from "../config/dhcp4-family.ts";
import { formatFault } from "../config/fault.ts";
import { parseConfig } from "../config/load/load-config.ts";
import { nowhere } from "../config/testing/parse-body.ts";
import { withExtensions } from "./check-extensions.ts";

const PRIMARY = { name: "a", url: "http://192.0.2.1:8000/", role: "primary" };
const STANDBY = { name: "b", url: "http://[2001:db8::2]:8000/", role: "standby", "basic-auth-user": "x" };
const PAIR = {
  "this-server-name": "a",
  mode: "hot-standby",
  peers: [PRIMARY, STANDBY],
};

function faultsOf(parameters: object): string[] {
  const inside = {
    "interfaces-config": { interfaces: ["eth0"] },
    "hooks-libraries": [{ library: "libdhcp_ha.so", parameters }],
  };
  const family = withExtensions(dhcp4Family, { directory: "/extensions", known: undefined });
  const { faults } = parseConfig(family, { file: "f", text: JSON.stringify({ Dhcp4: inside }) }, nowhere);
  return faults.map((fault) =>
    formatFault(fault).replace(/^f:\d+:\d+: Dhcp4\.hooks-libraries\[0\]\.parameters\.?/, ""),
  );
}

it("a pair", () => {
  expect(faultsOf({ "high-availability": [PAIR] })).toEqual([]);
  const balanced = { ...PAIR, mode: "load-balancing", peers: [PRIMARY, { ...STANDBY, role: "secondary" }] };
  expect(faultsOf({ "high-availability": [{ ...balanced, "delayed-updates-limit": 50 }] })).toEqual([]);
});

// docs/high-availability.md: what happens when a server gets another address?
it("a partner may have a name", () => {
  const named = { ...STANDBY, url: "http://standby.example.net:8000/" };
  expect(faultsOf({ "high-availability": [{ ...PAIR, peers: [PRIMARY, named] }] })).toEqual([]);
});

it("backups, beside a pair and beside a server alone, and pauses", () => {
  const backup = { ...STANDBY, name: "c", url: "http://192.0.2.3/", role: "backup" };
  const pauses = { states: [{ state: "syncing", pause: "once" }, { state: "ready" }] };
  const pair = { ...PAIR, peers: [PRIMARY, STANDBY, backup], "state-machine": pauses };
  const passive = { ...PAIR, mode: "passive-backup", peers: [PRIMARY, backup], "wait-backup-ack": true };
  for (const relationship of [pair, passive]) expect(faultsOf({ "high-availability": [relationship] })).toEqual([]);
});

// docs/high-availability.md: what happens when the name or the `url` of a server is wrong?
it.each<[object, string]>([
  [{ "this-server-name": "c" }, 'this-server-name: "c" is none of the peers: a, b'],
  [{ mode: "hot" }, 'mode: "hot" is not one of'],
  [{ "heartbeat-delay": 0 }, "heartbeat-delay: 0 of 0 would have the servers wait"],
  [{ "heartbeat-dely": 1 }, 'heartbeat-dely: is not a known key; did you mean "heartbeat-delay"?'],
  [{ "wait-backup-ack": true }, "wait-backup-ack: true is for passive-backup"],
  [{ "delayed-updates-limit": 1 }, "delayed-updates-limit: 1 is for load-balancing"],
  [{ peers: [PRIMARY, { ...STANDBY, role: "primary" }] }, "peers: have to have one primary"],
  [{ peers: [PRIMARY, { ...STANDBY, name: "a" }] }, 'peers[1].name: "a" is the name of another peer, too'],
  [{ peers: [PRIMARY, { ...STANDBY, url: "192.0.2.2" }] }, 'peers[1].url: "192.0.2.2" is no address of a server'],
  [{ "cert-file": "x" }, "peers[0]: lacks trust-anchor: TLS takes all of trust-anchor, cert-file, key-file"],
  [{ peers: [PRIMARY, { ...STANDBY, url: "https://[2001:db8::2]/" }] }, "peers[1].url: "],
  [
    { peers: [PRIMARY, { ...STANDBY, "basic-auth-password": "x", "basic-auth-password-file": "y" }] },
    "peers[1].basic-auth-password-file: is one too many: there is a basic-auth-password",
  ],
  [
    { peers: [PRIMARY, { ...STANDBY, "basic-auth-user": "x:y" }] },
    'peers[1].basic-auth-user: "x:y" must not have a colon',
  ],
  [{ mode: "passive-backup" }, "peers: have a standby, which there is none of in passive-backup"],
  [
    {
      "state-machine": {
        states: [
          { state: "ready", pause: "once" },
          { state: "ready", pause: "never" },
        ],
      },
    },
    'state-machine.states[1].state: "ready" is told before',
  ],
])("%j", (change, fault) => {
  expect(faultsOf({ "high-availability": [{ ...PAIR, ...change }] })).toContainEqual(
    expect.stringContaining(`high-availability[0].${fault}`),
  );
});

it("several pairs, and none", () => {
  expect(faultsOf({ "high-availability": [] })).toEqual([
    expect.stringContaining("high-availability: has too few entries; give 1"),
  ]);
  const second = {
    "this-server-name": "c",
    mode: "hot-standby",
    peers: [
      { ...PRIMARY, name: "c" },
      { ...STANDBY, name: "d" },
    ],
  };
  expect(
    faultsOf({
      "high-availability": [
        PAIR,
        { ...second, peers: [second.peers[0], { ...second.peers[1], url: "http://192.0.2.9/" }] },
      ],
    }),
  ).toEqual([]);
  const guarded = { ...second.peers[0], "basic-auth-user": "x" };
  expect(faultsOf({ "high-availability": [PAIR, { ...second, peers: [guarded, second.peers[1]] }] })).toEqual([
    expect.stringContaining("[1].peers[0]: asks for another login"),
  ]);
  const named = { ...second, peers: [second.peers[0], STANDBY] };
  expect(faultsOf({ "high-availability": [PAIR, named] })).toEqual([
    expect.stringContaining('[1].peers[1].name: "b" is the name of a peer of another relationship, too'),
  ]);
  const divided = {
    ...second,
    mode: "load-balancing",
    peers: [second.peers[0], { ...second.peers[1], role: "secondary" }],
  };
  expect(faultsOf({ "high-availability": [PAIR, divided] })).toEqual([expect.stringContaining("[1].mode: ")]);
});
