/** Options 124 and 125: what vendors say about a client, and what they want to tell it (RFC 3925). */
import { latin1 } from "../../base/bytes.ts";
import { formatHex } from "../../base/hex.ts";
import { keaVendor, type VendorData } from "../../options/vendor-space.ts";
import { binary } from "../../wire/byte-types.ts";
import { keaField, list, type OptionType } from "../../wire/option-type.ts";
import type { Reader } from "../../wire/reader.ts";
import { uint8, uint32 } from "../../wire/scalar-types.ts";
import { TextError } from "../../wire/text-fields.ts";
import type { Writer } from "../../wire/writer.ts";

/**
 * RFC 3925 §4: several vendors may share one option, each with its own length byte; more data than that holds comes
 * as several entries of one vendor, which are put together.
 */
function decodeVendors(reader: Reader): VendorData[] {
  const found = new Map<number, Uint8Array>();
  do {
    const enterprise = reader.u32("enterprise number");
    const data = reader.bytes(reader.u8("data length"), `data of enterprise ${enterprise}`);
    const before = found.get(enterprise);
    found.set(enterprise, before === undefined ? data : Buffer.concat([before, data]));
  } while (reader.remaining > 0);
  return [...found].map(([enterprise, data]) => ({ enterprise, data }));
}

/** The payload of option 124 or 125. */
export function writeVendors(vendors: readonly VendorData[], writer: Writer): void {
  for (const { enterprise, data } of vendors) {
    for (let at = 0; at === 0 || at < data.length; at += 255) {
      const part = data.subarray(at, at + 255);
      writer.u32(enterprise).u8(part.length).bytes(part);
    }
  }
}

/** Option 124. Kea's text gives the enterprise number and the bytes that follow it, data length included. */
export const vendorClasses4: OptionType<readonly VendorData[]> = {
  label: "record (uint32, binary)",
  decode: decodeVendors,
  encode: writeVendors,
  parse(fields) {
    const vendors: VendorData[] = [];
    do {
      const enterprise = uint32.parse(fields);
      const bytes = binary.parse(fields);
      if (bytes[0] !== bytes.length - 1) {
        throw new TextError(
          `the data of enterprise ${enterprise} must begin with its length: put ${formatHex(Uint8Array.of(bytes.length))} in front`,
        );
      }
      vendors.push({ enterprise, data: bytes.subarray(1) });
    } while (fields.remaining > 0);
    return vendors;
  },
  format: (vendors) =>
    vendors
      .map(({ enterprise, data }) => `${enterprise}, ${formatHex(Uint8Array.of(data.length, ...data), "")}`)
      .join(", "),
  kea: { line: ([vendor], head) => keaVendor(vendor!.enterprise, [latin1(vendor!.data)], head) },
};

/** Option 125. Kea's text gives the enterprise number only; the sub-options come from the space `vendor-<number>`. */
export const vendorOptions4: OptionType<readonly VendorData[]> = {
  label: "uint32",
  decode: decodeVendors,
  encode: writeVendors,
  parse: (fields) =>
    list(uint32)
      .parse(fields)
      .map((enterprise) => ({ enterprise, data: new Uint8Array() })),
  format: (vendors) => vendors.map(({ enterprise }) => String(enterprise)).join(", "),
  kea: {
    field: ([vendor]) => `${keaField(uint32, vendor!.enterprise)} ${keaField(uint8, vendor!.data.length)}`,
  },
};
