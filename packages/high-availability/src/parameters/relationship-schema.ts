/** What Kea's `high-availability` may have for one pair of servers, key by key. */
import type { ParameterTools } from "@kotare/extension";
import type { z } from "zod";
import { STATES } from "../state.ts";

export function relationshipSchema({ z, ...tools }: ParameterTools) {
  const delay = (usual: number, doc: string) => z.int().min(0).max(0xffff_ffff).default(usual).describe(doc);
  return z.strictObject({
    "this-server-name": z.string().describe("Which of `peers` this server is."),
    mode: z
      .enum(["hot-standby", "load-balancing", "passive-backup"])
      .describe("Who serves: the primary, or both, half of the clients each, or the primary alone for ever."),
    "heartbeat-delay": delay(10_000, "Milliseconds from a heartbeat to the next."),
    "max-response-delay": delay(60_000, "Milliseconds that a partner may be silent."),
    "max-ack-delay": delay(10_000, "A client that has tried for more milliseconds is unacked."),
    "max-unacked-clients": delay(10, "If more clients of a silent partner are unacked, this server serves them."),
    "max-rejected-lease-updates": delay(10, "Clients whose leases the partner may reject; 0 for any number."),
    "delayed-updates-limit": z
      .int()
      .min(0)
      .optional()
      .describe(
        "Load balancing: changes of leases that are kept for a partner which cannot be reached; 100 by default.",
      ),
    "send-lease-updates": z.boolean().default(true).describe("Whether the partner is told of changes of leases."),
    "sync-leases": z.boolean().default(true).describe("Whether leases are fetched from the partner before service."),
    "sync-timeout": delay(60_000, "Milliseconds for a page of leases."),
    "sync-page-limit": z.int().min(1).max(0xffff_ffff).default(10_000).describe("Leases of a page."),
    "wait-backup-ack": z.boolean().default(false).describe("Whether answers wait for backup servers."),
    "restrict-commands": z
      .boolean()
      .optional()
      .describe("Whether the dedicated listener takes only commands of partners."),
    ...tlsKeys({ z, ...tools }),
    "multi-threading": z
      .strictObject({
        "enable-multi-threading": z.boolean().optional(),
        "http-dedicated-listener": z.boolean().default(true),
        "http-listener-threads": z.int().min(0).optional(),
        "http-client-threads": z.int().min(0).optional(),
      })
      .prefault({}),
    "state-machine": z
      .strictObject({
        states: z
          .array(z.strictObject({ state: z.enum(STATES), pause: z.enum(["never", "once", "always"]).default("never") }))
          .default([]),
      })
      .optional(),
    peers: z.array(peerSchema({ z, ...tools })),
    comment: z.unknown().optional(),
    "user-context": z.record(z.string(), z.unknown()).optional(),
  });
}

function peerSchema(tools: ParameterTools) {
  const { z } = tools;
  return z.strictObject({
    name: z.string().min(1),
    url: z
      .url({ protocol: /^https?$/, message: "is no address of a server; write http://192.0.2.1:8000/" })
      .transform((text) => new URL(text)),
    role: z.enum(["primary", "secondary", "standby", "backup"]),
    "auto-failover": z.boolean().default(true).describe("Whether it serves the other's clients when that one is down."),
    "basic-auth-user": z.string().optional(),
    "basic-auth-user-file": z.string().optional(),
    "basic-auth-password": z.string().optional(),
    "basic-auth-password-file": z.string().optional(),
    ...tlsKeys(tools),
    comment: z.unknown().optional(),
    "user-context": z.record(z.string(), z.unknown()).optional(),
  });
}

function tlsKeys({ z }: ParameterTools) {
  return {
    "trust-anchor": z.string().optional(),
    "cert-file": z.string().optional(),
    "key-file": z.string().optional(),
    "require-client-certs": z.boolean().optional(),
  };
}

/** What one pair of servers is, as one of them sees it. */
export type Relationship = z.output<ReturnType<typeof relationshipSchema>>;

export type Peer = Relationship["peers"][number];
