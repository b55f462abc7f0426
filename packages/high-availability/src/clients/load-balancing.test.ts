/** Clients of which it was seen which server of a pair of Kea answers them. */
import { expect, it } from "vitest";
import { hashClient, ownerOf } from "./load-balancing.ts";

it.each([
  ["020000000001", 133, "secondary"],
  ["020000000002", 45, "secondary"],
  ["01020000000001", 14, "primary"],
  ["ff00000001000300010200000000aa", 68, "primary"],
  ["00030001020000000001", 174, "primary"],
  ["00030001020000000002", 47, "secondary"],
])("%s has the hash %i and is the %s's", (key, hash, owner) => {
  const bytes = Buffer.from(key, "hex");
  expect(hashClient(bytes)).toBe(hash);
  expect(ownerOf(bytes)).toBe(owner);
});
