/** The fixed fields of a DHCPv4 message that tell a client where to boot from. */
import { ipv4Address, text } from "../field.ts";
import { asKea, isEmpty } from "../kea-form.ts";

/** Kea refuses what leaves no room for the closing zero of the field. */
export const bootFields = {
  "next-server": ipv4Address("siaddr: the boot server's address; 0.0.0.0 is none.", { isEmptyAllowed: true }),
  "server-hostname": text("sname: the boot server's name.", 63),
  "boot-file-name": text("file: the boot file's name.", 127),
};

const { "next-server": address, "server-hostname": name, "boot-file-name": file } = bootFields;

/** Where outer scopes have them too: for subnets and shared networks. */
export const inheritedBootFields = {
  "next-server": address.optional(),
  "server-hostname": asKea(name.optional(), { isSilent: isEmpty }),
  "boot-file-name": asKea(file.optional(), { isSilent: isEmpty }),
};

/** For classes and reservations, which Kea gives back with all of them. */
export const ownBootFields = {
  "next-server": asKea(address.optional(), { format: (given) => given || "0.0.0.0", complete: () => "0.0.0.0" }),
  "server-hostname": asKea(name.optional(), { complete: () => "" }),
  "boot-file-name": asKea(file.optional(), { complete: () => "" }),
};
