/** `libdhcp_bootp.so`: BOOTP clients are served, and in a class of their own. */
import { defineExtension, type Identity } from "@kotare/extension";

const MESSAGE_TYPE = 53;
const BOOTP: Identity = { classes: ["BOOTP"], servesBootp: true };

export const bootp = defineExtension({
  name: "bootp",
  family: 4,
  start: () => ({ identify: (query) => (query.option(MESSAGE_TYPE) === undefined ? BOOTP : undefined) }),
});
