/** By what a client is counted. */
import { expect, it } from "vitest";
import { clientName } from "./client-name.ts";

const mac = "02:00:00:00:00:01";
const bytes = Uint8Array.of(9, 1, 2, 9).subarray(1, 3);

it.each([
  [{ family: 4, mac, clientId: undefined }, mac],
  [{ family: 4, mac, clientId: bytes }, `${mac} client-id 0102`],
  [{ family: 4, mac: "", clientId: bytes }, "client-id 0102"],
  [{ family: 6, mac, clientId: bytes }, "duid 0102"],
] as const)("%j", (query, name) => expect(clientName(query)).toBe(name));
