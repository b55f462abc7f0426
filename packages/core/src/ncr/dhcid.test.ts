import { expect, test } from "vitest";
import { parseHex } from "../base/hex.ts";
import { IdentifierType, makeDhcid } from "./dhcid.ts";

test.each([
  [
    "RFC 4701 §3.6.1: a DUID",
    IdentifierType.duid,
    "00:01:00:06:41:2d:f1:66:01:02:03:04:05:06",
    "chi6.example.com",
    "AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA=",
  ],
  [
    "RFC 4701 §3.6.2: a client identifier",
    IdentifierType.clientId,
    "01:07:08:09:0a:0b:0c",
    "chi.example.com",
    "AAEBOSD+XR3Os/0LozeXVqcNc7FwCfQdWL3b/NaiUDlW2No=",
  ],
  [
    "RFC 4701 §3.6.3: a hardware address",
    IdentifierType.hardware,
    "01:01:02:03:04:05:06",
    "client.example.com",
    "AAABxLmlskllE0MVjd57zHcWmEH3pCQ6VytcKD//7es/deY=",
  ],
] as const)("%s", (_, type, identifier, name, expected) => {
  const bytes = parseHex(identifier)!;
  expect(Buffer.from(makeDhcid(type, bytes, name), "hex").toString("base64")).toBe(expected);
  expect(Buffer.from(makeDhcid(type, bytes, `${name.toUpperCase()}.`), "hex").toString("base64")).toBe(expected);
});
