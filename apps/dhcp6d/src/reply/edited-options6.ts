/** Options of a reply as extensions want them. */
import { readU16 } from "@kotare/core/base/big-endian";
import { OPTION_HEADER, Option6 } from "@kotare/core/dhcp6/option6";
import type { EffectiveOption } from "@kotare/core/subnets/options/effective-options";
import { encodeOptions6 } from "@kotare/core/subnets/options/option-wire6";
import type { OptionEdit } from "@kotare/extension";

/** Identifiers, associations and statuses stay as they are. */
const KEPT: ReadonlySet<number> = new Set([
  Option6.clientId,
  Option6.serverId,
  Option6.iaNa,
  Option6.iaPd,
  Option6.relayMessage,
  Option6.statusCode,
  Option6.rapidCommit,
]);

/**
 * @param configured what is configured, encoded
 * @param fqdn what the exchange gives as the client's name
 * @returns both after the edits, encoded
 */
export function editOptions6(
  edits: readonly OptionEdit[] | undefined,
  configured: Uint8Array,
  fqdn: Uint8Array | undefined,
): Uint8Array {
  let options = [...readOptions6(configured)];
  if (fqdn !== undefined) options.push({ code: Option6.clientFqdn, payload: fqdn });
  for (const edit of edits ?? []) {
    const { kind, code } = edit;
    if (KEPT.has(code) || (kind === "add" && options.some((option) => option.code === code))) continue;
    options = options.filter((option) => option.code !== code);
    if (kind !== "remove") options.push({ code, payload: edit.data });
  }
  return encodeOptions6(options);
}

/** Of options that are encoded. */
export function* readOptions6(encoded: Uint8Array): Generator<EffectiveOption> {
  for (let at = 0; at < encoded.length; ) {
    const start = at + OPTION_HEADER;
    const end = start + readU16(encoded, at + 2);
    yield { code: readU16(encoded, at), payload: encoded.subarray(start, end) };
    at = end;
  }
}
