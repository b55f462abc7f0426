/** Unsigned integers in network byte order: netio's, which stands below everything. */
export { readU16, readU32, writeU16, writeU32 } from "@kotare/netio/big-endian";
