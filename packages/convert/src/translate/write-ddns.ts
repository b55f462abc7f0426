/** `zone` and `key` as the configuration of the DNS updater, d2d or kea-dhcp-ddns. */
import { keywordOf, rawOf, splitAtCommas } from "../dhcpd/clause.ts";
import { parseAddress } from "../dhcpd/option-value.ts";
import type { Scope } from "./model.ts";
import type { Json } from "./parameters.ts";
import type { Translation } from "./translation.ts";

/** @returns `undefined` where no zone is declared */
export function writeDdns(translation: Translation): { readonly DhcpDdns: Json } | undefined {
  const { model, ledger } = translation;
  const zones = model.zones.flatMap((zone) => writeZone(zone, translation));
  const keys = model.keys.flatMap((key) => writeKey(key, translation));
  for (const { clause } of model.zones) ledger.carry(clause);
  for (const { clause } of model.keys) {
    if (zones.length > 0) ledger.carry(clause);
    else ledger.note(clause, "is not carried over: there is no zone that it could be for");
  }
  if (zones.length === 0) return undefined;
  const isReverse = ({ name }: Json) => /\.arpa\.$/i.test(String(name));
  return {
    DhcpDdns: {
      "ip-address": "127.0.0.1",
      port: 53001,
      "tsig-keys": keys,
      "forward-ddns": { "ddns-domains": zones.filter((zone) => !isReverse(zone)) },
      "reverse-ddns": { "ddns-domains": zones.filter(isReverse) },
    },
  };
}

function writeZone({ name, statements }: Scope, { ledger, resolve }: Translation): Json[] {
  const servers: Json[] = [];
  let key: Json = {};
  for (const clause of statements) {
    const [, ...words] = clause.head;
    const keyword = keywordOf(clause);
    if (keyword === "key") {
      key = { "key-name": nameOfKey(words[0]?.kind === "string" ? words[0].text : rawOf(words)) };
      ledger.carry(clause);
    } else if (/^(primary|secondary)6?$/.test(keyword)) {
      for (const part of splitAtCommas(words)) {
        const text = rawOf(part);
        const address = parseAddress(text, 4) ?? parseAddress(text, 6) ?? resolve(text, 4)[0];
        if (address !== undefined) servers.push({ "ip-address": address });
        else
          ledger.lose(clause, `"${text}" is no address, and no name whose address can be had now`, "write an address");
      }
      ledger.carry(clause);
    } else
      ledger.lose(clause, "is no statement of a zone that the converter knows", "see d2d's configuration of domains");
  }
  if (servers.length === 0) return [];
  return [{ name: name.endsWith(".") ? name : `${name}.`, ...key, "dns-servers": servers }];
}

function writeKey({ name, statements }: Scope, { ledger }: Translation): Json[] {
  let algorithm = "HMAC-MD5";
  let secret = "";
  for (const clause of statements) {
    const text = rawOf(clause.head.slice(1)).replace(/^"|"$/g, "");
    const keyword = keywordOf(clause);
    if (keyword === "algorithm") algorithm = text.replace(/\.sig-alg\.reg\.int\.?$/i, "").toUpperCase();
    else if (keyword === "secret") secret = text;
    else {
      ledger.lose(clause, "is no statement of a key", "leave it out");
      continue;
    }
    ledger.carry(clause);
  }
  return [{ name: nameOfKey(name), algorithm, secret }];
}

function nameOfKey(name: string): string {
  return name.replace(/\.$/, "");
}
