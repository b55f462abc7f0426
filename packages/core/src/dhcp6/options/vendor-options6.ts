/** Options 16 and 17: what a vendor says about a client, and what it wants to tell it (RFC 8415 §21.16, §21.17). */
import { readU16 } from "../../base/big-endian.ts";
import { latin1 } from "../../base/bytes.ts";
import { keaVendor, type VendorData } from "../../options/vendor-space.ts";
import { binary } from "../../wire/byte-types.ts";
import { keaField, type OptionType } from "../../wire/option-type.ts";
import { Reader } from "../../wire/reader.ts";
import { uint32 } from "../../wire/scalar-types.ts";
import { TextError } from "../../wire/text-fields.ts";
import type { Writer } from "../../wire/writer.ts";

/** Each vendor has an option of its own, so the list has one member. */
function encodeVendors(vendors: readonly VendorData[], writer: Writer): void {
  for (const { enterprise, data } of vendors) writer.u32(enterprise).bytes(data);
}

/** Option 17. Kea's text gives the enterprise number only; the sub-options come from the space `vendor-<number>`. */
export const vendorOptions6: OptionType<readonly VendorData[]> = {
  label: "uint32",
  decode: (reader) => [{ enterprise: reader.u32("enterprise number"), data: reader.rest() }],
  encode: encodeVendors,
  parse: (fields) => [{ enterprise: uint32.parse(fields), data: new Uint8Array() }],
  format: (vendors) => vendors.map(({ enterprise }) => String(enterprise)).join(", "),
  kea: { field: ([vendor]) => keaField(uint32, vendor!.enterprise) },
};

/** Option 16. Kea's text gives the enterprise number and the bytes that follow it: classes, each behind its length. */
export const vendorClasses6: OptionType<readonly VendorData[]> = {
  label: "record (uint32, binary)",
  decode(reader) {
    const enterprise = reader.u32("enterprise number");
    const at = reader.offset;
    const data = reader.rest();
    readTuples(new Reader(data, `class of enterprise ${enterprise}`, at));
    return [{ enterprise, data }];
  },
  encode: encodeVendors,
  parse(fields) {
    const enterprise = uint32.parse(fields);
    const data = binary.parse(fields);
    if (!areTuples(data)) {
      throw new TextError(
        `the data of enterprise ${enterprise} is no list of classes: put two bytes with its length before each class`,
      );
    }
    return [{ enterprise, data }];
  },
  format: (vendors) => vendors.map(({ enterprise, data }) => `${enterprise}, ${binary.format(data)}`).join(", "),
  kea: { line: ([vendor], head) => keaVendor(vendor!.enterprise, readTuples(new Reader(vendor!.data)), head) },
};

function readTuples(reader: Reader): string[] {
  const texts: string[] = [];
  while (reader.remaining > 0) texts.push(latin1(reader.bytes(reader.u16("length"), "text")));
  return texts;
}

function areTuples(data: Uint8Array): boolean {
  let at = 0;
  while (at + 1 < data.length) at += 2 + readU16(data, at);
  return at === data.length;
}
