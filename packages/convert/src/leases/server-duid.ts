/** The DUID of the server before: clients renew with the server that they know by it. */
import { formatHex } from "@kotare/core/base/hex";
import type { ReadReports } from "@kotare/core/daemon/offline/converter";

export function tellServerDuid(bytes: Uint8Array, { remark }: Pick<ReadReports, "remark">): void {
  const duid = Buffer.from(bytes);
  if (duid.length < 8) return;
  const type = ["", "LLT", "EN", "LL"][duid.readUInt16BE(0)];
  const digits = formatHex(duid.subarray(2), "");
  const parts =
    type === "LLT"
      ? { type, htype: duid.readUInt16BE(2), time: duid.readUInt32BE(4), identifier: digits.slice(12) }
      : type === "LL"
        ? { type, htype: duid.readUInt16BE(2), identifier: digits.slice(4) }
        : { type: "EN", "enterprise-id": duid.readUInt32BE(2), identifier: digits.slice(8) };
  remark(`clients know the server by its DUID, so let the configuration have "server-id": ${JSON.stringify(parts)}`);
}
