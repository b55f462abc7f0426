/** `failover peer` as a pair of servers with `libdhcp_ha.so`. */
import { type Clause, keywordOf, rawOf } from "../dhcpd/clause.ts";
import { parseAddress } from "../dhcpd/option-value.ts";
import type { Scope } from "./model.ts";
import type { Json } from "./parameters.ts";
import type { Translation } from "./translation.ts";

/** Of the pair's own listener, which failover's ports are not for. */
const PORT = 8000;

export function writeFailover({ model, ledger, hooks, resolve }: Translation): void {
  for (const peer of model.peers.slice(1)) {
    for (const clause of [peer.clause, ...peer.statements]) {
      ledger.lose(clause, "is a second pair: the result has one", "write its relationship into libdhcp_ha.so by hand");
    }
  }
  const [first] = model.peers;
  if (first !== undefined) {
    hooks.set("libdhcp_lease_cmds.so", undefined);
    hooks.set("libdhcp_ha.so", { "high-availability": [new PeerReader(first, ledger, resolve).write()] });
  }
}

class PeerReader {
  readonly #peer: Scope;
  readonly #ledger: Translation["ledger"];
  readonly #resolve: Translation["resolve"];
  #isPrimary = true;
  #own = "";
  #partner = "";
  #delay = 60_000;

  constructor(peer: Scope, ledger: Translation["ledger"], resolve: Translation["resolve"]) {
    this.#peer = peer;
    this.#ledger = ledger;
    this.#resolve = resolve;
  }

  write(): Json {
    const why =
      "becomes a pair in mode hot-standby, so that every client keeps its address whoever serves: one server serves, the other takes over";
    this.#ledger.note(this.#peer.clause, why, 'use mode "load-balancing" once each server has pools of its own');
    for (const clause of this.#peer.statements) this.#read(clause);
    const [primary, standby] = this.#isPrimary ? [this.#own, this.#partner] : [this.#partner, this.#own];
    const url = (address: string) => `http://${address.includes(":") ? `[${address}]` : address}:${PORT}/`;
    return {
      "this-server-name": this.#isPrimary ? "primary" : "standby",
      mode: "hot-standby",
      "max-response-delay": this.#delay,
      peers: [
        { name: "primary", url: url(primary), role: "primary" },
        { name: "standby", url: url(standby), role: "standby" },
      ],
    };
  }

  #read(clause: Clause): void {
    const { head } = clause;
    const text = rawOf(head).toLowerCase();
    const note = (why: string) => this.#ledger.note(clause, why);
    this.#ledger.carry(clause);
    if (text === "primary" || text === "secondary") this.#isPrimary = text === "primary";
    else if (keywordOf(clause) === "address") this.#own = this.#address(clause, 1);
    else if (text.startsWith("peer address")) this.#partner = this.#address(clause, 2);
    else if (/^(peer )?port\b/.test(text)) note(`is not used: the pair talks over HTTP, at port ${PORT}`);
    else if (keywordOf(clause) === "max-response-delay") this.#delay = 1000 * Number(head[1]?.text);
    else if (
      /^(mclt|auto-partner-down|max-unacked-updates|max-lease-(misbalance|ownership)|min-balance|max-balance)\b/.test(
        text,
      )
    ) {
      note("has nothing like it in a pair of Kea's, both of which have all leases");
    } else if (/^(split|hba|load balance)\b/.test(text)) note("is not used in mode hot-standby");
    else this.#ledger.lose(clause, "is no statement of failover that the converter knows", "see libdhcp_ha.so");
  }

  #address(clause: Clause, from: number): string {
    const text = rawOf(clause.head.slice(from));
    const address = parseAddress(text, 4) ?? parseAddress(text, 6) ?? this.#resolve(text, 4)[0];
    if (address !== undefined) return address;
    this.#ledger.lose(clause, `"${text}" is no address, and no name whose address can be had now`, "write an address");
    return "127.0.0.1";
  }
}
