/** The fixed fields of a DHCPv4 message that tell a client where to boot from. */
import { ipv4Address, text } from "./field.ts";

/** Kea refuses what leaves no room for the closing zero of the field. */
export const bootFields = {
  "next-server": ipv4Address("siaddr: the boot server's address; 0.0.0.0 is none.", { isEmptyAllowed: true }),
  "server-hostname": text("sname: the boot server's name.", 63),
  "boot-file-name": text("file: the boot file's name.", 127),
};
