/** RFC 1534 §2: a BOOTP client is given an address as by a REQUEST that names none, and keeps it: it never asks for more time. */
import { INFINITE_LIFETIME } from "@kotare/core/leases/model/lease";
import type { Handler4 } from "../path/outcome4.ts";
import { request4 } from "./request4.ts";

export const bootp4: Handler4 = (query, facts) =>
  request4(query, { ...facts, terms: { lifetime: INFINITE_LIFETIME, ...facts.terms } });
