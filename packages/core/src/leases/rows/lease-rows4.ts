/** What a row of the table has for an IPv4 lease: 56 bytes in all. */
import { Field } from "./lease-rows.ts";

export const Field4 = {
  address: Field.family,
  hwaddrLinks: Field.family + 1,
  clientIdLinks: Field.family + 3,
} as const;

export const ROW4 = Field.family + 5;
