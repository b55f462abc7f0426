/** What our routines and triggers make of changes of a configuration, beside Kea's, whatever kind the database is. Tests only. */
import fc from "fast-check";
import { expect } from "vitest";

export interface AuditKind {
  /** A statement after which changes in the same text are one revision. */
  beginRevision(family: 4 | 6, cascades: boolean): string;
  ipv4(text: string): string;
  /** Calls a routine without parameters. */
  call(name: string): string;
  /**
   * Whether classes of which others depend on KNOWN are dealt with: in PostgreSQL Kea's routine cannot run, and a class that is
   * moved keeps its flag.
   */
  readonly comparesFlags: boolean;
}

/** In a connection. */
export type Query = (sql: string) => Promise<readonly Record<string, unknown>[]>;

const id = fc.integer({ min: 2, max: 5 });
const NOW = "CURRENT_TIMESTAMP";

/** Statements as Kea's tools give them, in any order: some are refused. */
function changes(family: 4 | 6, { ipv4, call, comparesFlags }: AuditKind): fc.Arbitrary<string> {
  const f = `dhcp${family}_`;
  const insert = (table: string, row: Readonly<Record<string, unknown>>) =>
    `INSERT INTO ${f}${table} (${Object.keys(row).join(", ")}) VALUES (${Object.values(row).join(", ")})`;
  const ends = (n: number) =>
    family === 4 ? [ipv4(`10.0.${n}.1`), ipv4(`10.0.${n}.9`)] : [`'2001:db8:${n}::1'`, `'2001:db8:${n}::9'`];
  const prefix = (n: number) => (family === 4 ? `'10.0.${n}.0/24'` : `'2001:db8:${n}::/48'`);
  const follows = fc.option(id).map((n) => (n === null ? "NULL" : `'c${n}'`));
  const flag = fc.boolean().map((is) => (is ? "TRUE" : "FALSE"));
  const owners = [
    { scope_id: 0 },
    { scope_id: 1, [`${f}subnet_id`]: 2 },
    { scope_id: 1, [`${f}subnet_id`]: 3 },
    { scope_id: 2, dhcp_client_class: "'c2'" },
    { scope_id: 4, shared_network_name: "'n2'" },
    { scope_id: 5, pool_id: 2 },
    ...(family === 4 ? [] : [{ scope_id: 6, pd_pool_id: 2 }]),
  ];
  const tables = ["server", "global_parameter", "option_def", "client_class", "shared_network", "pool"];
  const tuple = fc.tuple(id, id, flag);
  const changeOfKnown = tuple.map(
    ([n, , isKnown]) =>
      `UPDATE ${f}client_class SET depend_on_known_directly = ${isKnown} WHERE id = ${n}; ${call(`checkDHCPv${family}ClientClassKnownDependencyChange`)}`,
  );
  const ofClasses = fc.oneof(
    fc.tuple(id, follows, flag).map(([n, follow, isKnown]) =>
      insert("client_class", {
        ...{ id: n, name: `'c${n}'`, follow_class_name: follow },
        ...{ depend_on_known_directly: isKnown, modification_ts: NOW },
      }),
    ),
    fc
      .tuple(id, follows)
      .map(([n, follow]) => `UPDATE ${f}client_class SET follow_class_name = ${follow} WHERE id = ${n}`),
    ...(comparesFlags ? [changeOfKnown] : []),
    tuple.map(([n, m]) => insert("client_class_dependency", { class_id: n, dependency_id: m })),
    tuple.map(([n, m]) => insert("client_class_server", { class_id: n, server_id: m, modification_ts: NOW })),
    id.map((n) => `DELETE FROM ${f}client_class WHERE id = ${n}`),
  );
  const ofOthers = fc.oneof(
    tuple.map(([n]) => insert("server", { id: n, tag: `'s${n}'`, modification_ts: NOW })),
    tuple.map(([n]) =>
      insert("global_parameter", { id: n, name: "'x'", value: "'1'", parameter_type: 0, modification_ts: NOW }),
    ),
    tuple.map(([n, code]) => {
      const row = { id: n, code, name: "'x'", space: "'x'", type: 1, is_array: "FALSE", encapsulate: "''" };
      return insert("option_def", { ...row, modification_ts: NOW });
    }),
    tuple.map(([n]) => insert("shared_network", { id: n, name: `'n${n}'`, modification_ts: NOW })),
    tuple.map(([n, m]) => {
      const network = m > 3 ? "NULL" : `'n${m}'`;
      const row = { subnet_id: n, subnet_prefix: prefix(n), shared_network_name: network };
      return insert("subnet", { ...row, modification_ts: NOW });
    }),
    tuple.map(([n, subnet]) => {
      const [start, end] = ends(n);
      return insert("pool", { id: n, start_address: start, end_address: end, subnet_id: subnet, modification_ts: NOW });
    }),
    tuple.map(([n, subnet]) =>
      family === 4
        ? `DELETE FROM ${f}subnet WHERE subnet_id = ${n}`
        : insert("pd_pool", {
            ...{ id: n, prefix: `'2001:db8:${n}::'`, prefix_length: 48, delegated_prefix_length: 56 },
            ...{ excluded_prefix_length: 0, subnet_id: subnet, modification_ts: NOW },
          }),
    ),
    fc
      .tuple(fc.integer({ min: 2, max: 20 }), fc.constantFrom(...owners))
      .map(([n, owner]) => insert("options", { option_id: n, code: n, space: "'x'", ...owner })),
    ...["options", ...tables].map((table) =>
      id.map((n) => `DELETE FROM ${f}${table} WHERE ${table === "options" ? "option_id" : "id"} = ${n}`),
    ),
    ...tables
      .filter((table) => table !== "pool")
      .map((table) => id.map((n) => `UPDATE ${f}${table} SET modification_ts = ${NOW} WHERE id = ${n}`)),
    id.map((n) => `UPDATE ${f}options SET code = 99 WHERE option_id = ${n}`),
    id.map((n) => `UPDATE ${f}subnet SET valid_lifetime = ${n} WHERE subnet_id = ${n}`),
    id.map((n) => `DELETE FROM ${f}subnet WHERE subnet_id = ${n}`),
    id.map((n) => `DELETE FROM ${f}pool WHERE id = ${n}`),
  );
  return fc.oneof({ arbitrary: ofOthers, weight: 3 }, { arbitrary: ofClasses, weight: 1 });
}

/** What servers read, and what is left. */
function views(family: 4 | 6, order: string): readonly string[] {
  const f = `dhcp${family}_`;
  return [
    `SELECT object_type, object_id, modification_type, revision_id FROM ${f}audit ORDER BY id`,
    `SELECT server_id, log_message FROM ${f}audit_revision ORDER BY id`,
    order,
    `SELECT class_id, dependency_id FROM ${f}client_class_dependency ORDER BY 1, 2`,
    `SELECT subnet_id, shared_network_name FROM ${f}subnet ORDER BY 1`,
    `SELECT id, subnet_id FROM ${f}pool ORDER BY 1`,
    ...(family === 4 ? [] : [`SELECT id, subnet_id FROM ${f}pd_pool ORDER BY 1`]),
    `SELECT option_id, scope_id FROM ${f}options ORDER BY 1`,
  ];
}

const CHANGES = 300;

/** @param kea a database that Kea has made @param ours one that we have made */
export async function expectSameAudit(kind: AuditKind, kea: Query, ours: Query): Promise<void> {
  const outcomeOf = (query: Query, statement: string) =>
    query(statement).then(
      () => "done",
      () => "refused",
    );
  for (const family of [4, 6] as const) {
    const f = `dhcp${family}_`;
    const known = kind.comparesFlags ? ", o.depend_on_known_indirectly" : "";
    const order = `SELECT c.name${known} FROM ${f}client_class AS c JOIN ${f}client_class_order AS o
      ON o.class_id = c.id ORDER BY o.order_index`;
    const sampled = fc.sample(fc.tuple(changes(family, kind), fc.boolean()), CHANGES);
    const history = sampled.map(([change, cascades]) => `${kind.beginRevision(family, cascades)};\n${change}`);
    const outcomes: Record<string, number> = { done: 0, refused: 0 };
    for (const [i, statement] of history.entries()) {
      const outcome = await outcomeOf(ours, statement);
      expect(outcome, history.slice(0, i + 1).join(";\n")).toBe(await outcomeOf(kea, statement));
      outcomes[outcome]!++;
      if (!statement.includes("client_class ")) continue;
      expect(await ours(order), history.slice(0, i + 1).join(";\n")).toEqual(await kea(order));
    }
    expect(Math.min(...Object.values(outcomes))).toBeGreaterThan(20);
    for (const view of views(family, order)) expect(await ours(view), history.join(";\n")).toEqual(await kea(view));
  }
}
