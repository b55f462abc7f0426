/** `libdhcp_lease_cmds.so`: its commands are the daemons' own. Here is what leases keep of expressions: binding variables. */
import { type Answer, defineExtension, type Query } from "@kotare/extension";

/** Of these nobody gets a lease. */
const WITHOUT_LEASES = new Set(["ADVERTISE", "DHCPNAK"]);

export const leaseCmds = defineExtension({
  name: "lease-cmds",
  parameters: ({ z, expression }) =>
    z.object({
      "binding-variables": z
        .array(z.strictObject({ name: z.string().min(1), expression, source: z.enum(["query", "response"]) }))
        .default([]),
    }),
  start({ parameters: { "binding-variables": variables } }) {
    if (variables.length === 0) return {};
    return {
      shape(query: Query, { type, leases, reply }: Answer) {
        if (leases.length === 0 || WITHOUT_LEASES.has(type)) return undefined;
        const values = variables.map(({ name, expression, source }): [string, string] => {
          const from = source === "query" ? query : reply;
          return [name, from === undefined ? "" : textOf(expression(from))];
        });
        const sorted = values.sort(([a], [b]) => (a < b ? -1 : 1));
        return { userContext: { ISC: { "binding-variables": Object.fromEntries(sorted) } } };
      },
    };
  },
});

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes that are no text are one character each. */
function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return Buffer.from(bytes).toString("latin1");
  }
}
