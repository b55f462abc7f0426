/**
 * What keeps Kea's tables of configuration in order, in no dialect: each change leaves an entry of audit, by which servers
 * find it, and classes have an order. Names and parameters are Kea's: its servers and its tools call them.
 */
import { OptionScope } from "../../config-database/tables/config-tables.ts";
import type { SchemaType } from "./schema-table.ts";

type Typed = readonly (readonly [name: string, type: SchemaType])[];

export interface Routine {
  readonly name: string;
  readonly parameters: Typed;
  readonly locals: Typed;
  readonly body: string;
}

export interface Trigger {
  readonly name: string;
  readonly table: string;
  readonly time: "BEFORE" | "AFTER";
  readonly event: "INSERT" | "UPDATE" | "DELETE";
  readonly body: string;
}

/** How statements inside of routines are written. What is remembered belongs to a connection; its names are Kea's. */
export interface RoutineDialect {
  call(name: string, ...values: readonly string[]): string;
  /** Ends all with an error. */
  fail(text: string): string;
  remember(name: string, value: string): string;
  recallNumber(name: string): string;
  /** False where it is not known. */
  recallFlag(name: string): string;
  /** The id that the last row in a table was given. */
  lastId(table: string): string;
}

/** @returns routines and triggers of a family, each after what it calls */
export function configRoutines(
  family: 4 | 6,
  dialect: RoutineDialect,
): { readonly routines: readonly Routine[]; readonly triggers: readonly Trigger[] } {
  const audited = new AuditedFamily(family, dialect);
  return { routines: [...audited.auditRoutines(), ...audited.classRoutines()], triggers: audited.triggers() };
}

const EVENTS = { INSERT: ["AINS", "create"], UPDATE: ["AUPD", "update"], DELETE: ["ADEL", "delete"] } as const;
type Event = keyof typeof EVENTS;

class AuditedFamily {
  readonly #family: 4 | 6;
  readonly #f: string;
  readonly #dialect: RoutineDialect;

  constructor(family: 4 | 6, dialect: RoutineDialect) {
    this.#family = family;
    this.#f = `dhcp${family}_`;
    this.#dialect = dialect;
  }

  auditRoutines(): readonly Routine[] {
    const f = this.#f;
    const { remember, recallFlag, recallNumber, lastId } = this.#dialect;
    return [
      {
        name: `createAuditRevisionDHCP${this.#family}`,
        parameters: [
          ["p_time", "time"],
          ["p_tag", "object"],
          ["p_message", "text"],
          ["p_cascades", "flag"],
        ],
        locals: [],
        body: `IF NOT ${recallFlag("disable_audit")} THEN
          INSERT INTO ${f}audit_revision (modification_ts, server_id, log_message)
            VALUES (p_time, (SELECT s.id FROM ${f}server AS s WHERE s.tag = p_tag), p_message);
          ${remember("audit_revision_id", lastId(`${f}audit_revision`))}
          ${remember("cascade_transaction", "p_cascades")}
        END IF;`,
      },
      {
        name: `createAuditEntryDHCP${this.#family}`,
        parameters: [
          ["p_table", "object"],
          ["p_id", "reference"],
          ["p_change", "word"],
        ],
        locals: [],
        body: `IF NOT ${recallFlag("disable_audit")} THEN
          INSERT INTO ${f}audit (object_type, object_id, modification_type, revision_id) VALUES (p_table, p_id,
            (SELECT m.id FROM modification AS m WHERE m.modification_type = p_change), ${recallNumber("audit_revision_id")});
        END IF;`,
      },
      this.#optionAudit(),
    ];
  }

  /** An option that is changed alone changes what it is of. Those of hosts and classes change nothing. */
  #optionAudit(): Routine {
    const f = this.#f;
    const touch = (table: string, where: string) => `UPDATE ${f}${table} SET modification_ts = p_time WHERE ${where};`;
    const touchOwner = (table: string, id: string) =>
      touch("subnet", `subnet_id = (SELECT o.subnet_id FROM ${f}${table} AS o WHERE o.id = ${id})`);
    const cases: readonly (readonly [scope: number, statement: string])[] = [
      [OptionScope.global, this.#entry(`${f}options`, "p_option", "p_change")],
      [OptionScope.subnet, touch("subnet", "subnet_id = p_subnet")],
      [OptionScope.network, touch("shared_network", "name = p_network")],
      [OptionScope.pool, touchOwner("pool", "p_pool")],
      ...(this.#family === 4 ? [] : [[OptionScope.pdPool, touchOwner("pd_pool", "p_pd_pool")] as const]),
    ];
    const statements = cases.map(([scope, statement]) => `IF p_scope = ${scope} THEN ${statement} END IF;`);
    return {
      name: `createOptionAuditDHCP${this.#family}`,
      parameters: [
        ["p_change", "word"],
        ["p_scope", "kind"],
        ["p_option", "optionId"],
        ["p_subnet", "subnetId"],
        ["p_host", "hostId"],
        ["p_network", "name"],
        ["p_pool", "reference"],
        ...(this.#family === 4 ? [] : [["p_pd_pool", "reference"] as const]),
        ["p_time", "time"],
      ],
      locals: [],
      body: `IF NOT ${this.#dialect.recallFlag("cascade_transaction")} THEN
        ${statements.join("\n        ")}
      END IF;`,
    };
  }

  classRoutines(): readonly Routine[] {
    const f = this.#f;
    const { remember, recallFlag, recallNumber, fail } = this.#dialect;
    const names = `DHCPv${this.#family}ClientClass`;
    const indexOf = (id: string) => `(SELECT o.order_index FROM ${f}client_class_order AS o WHERE o.class_id = ${id})`;
    const dependsOnKnown = (id: string) => `EXISTS (SELECT 1 FROM ${f}client_class AS c
            JOIN ${f}client_class_order AS o ON o.class_id = c.id
            WHERE c.id = ${id} AND (c.depend_on_known_directly OR o.depend_on_known_indirectly))`;
    const pair = [
      ["p_class", "reference"],
      ["p_dependency", "reference"],
    ] as const;
    return [
      {
        name: `setClientClass${this.#family}Order`,
        parameters: [
          ["p_class", "reference"],
          ["p_follows", "name"],
          ["p_followed", "name"],
        ],
        locals: [
          ["v_known", "flag"],
          ["v_index", "reference"],
        ],
        // What a class depends on is said again after each change of it.
        body: `SELECT (SELECT o.depend_on_known_indirectly FROM ${f}client_class_order AS o WHERE o.class_id = p_class) INTO v_known;
        ${remember("depend_on_known_indirectly", "v_known")}
        IF v_known IS NOT NULL AND (p_follows = p_followed OR (p_follows IS NULL AND p_followed IS NULL)) THEN
          UPDATE ${f}client_class_order SET depend_on_known_indirectly = FALSE WHERE class_id = p_class;
        ELSE
          IF p_follows IS NULL THEN
            SELECT (SELECT COALESCE(MAX(o.order_index), 0) + 1 FROM ${f}client_class_order AS o) INTO v_index;
          ELSE
            SELECT ${indexOf(`(SELECT c.id FROM ${f}client_class AS c WHERE c.name = p_follows)`)} + 1 INTO v_index;
            IF v_index IS NULL THEN ${fail("there is no client class of the name in follow_class_name")} END IF;
            UPDATE ${f}client_class_order SET order_index = order_index + 1 WHERE order_index >= v_index;
          END IF;
          IF EXISTS (SELECT 1 FROM ${f}client_class_dependency AS d
            JOIN ${f}client_class_order AS o ON o.class_id = d.class_id
            WHERE d.dependency_id = p_class AND o.order_index < v_index) THEN
            ${fail("a client class cannot be moved behind one that depends on it")}
          END IF;
          DELETE FROM ${f}client_class_order WHERE class_id = p_class;
          INSERT INTO ${f}client_class_order (class_id, order_index, depend_on_known_indirectly)
            VALUES (p_class, v_index, FALSE);
        END IF;`,
      },
      {
        name: `check${names}Dependency`,
        parameters: pair,
        locals: [],
        body: `IF p_class = p_dependency THEN ${fail("a client class cannot depend on itself")} END IF;
        IF ${indexOf("p_class")} IS NULL OR ${indexOf("p_dependency")} IS NULL THEN
          ${fail("there is no such client class")}
        END IF;
        IF ${indexOf("p_dependency")} > ${indexOf("p_class")} THEN
          ${fail("a client class cannot depend on one behind it")}
        END IF;
        IF EXISTS (SELECT 1 FROM ${f}client_class_server AS x WHERE x.class_id = p_class AND NOT EXISTS
          (SELECT 1 FROM ${f}client_class_server AS y WHERE y.class_id = p_dependency AND y.server_id IN (1, x.server_id))) THEN
          ${fail("a client class cannot depend on one that not all its servers have")}
        END IF;`,
      },
      {
        name: `update${names}KnownDependency`,
        parameters: pair,
        locals: [],
        body: `IF ${dependsOnKnown("p_dependency")} THEN
          UPDATE ${f}client_class_order SET depend_on_known_indirectly = TRUE WHERE class_id = p_class;
        END IF;`,
      },
      {
        name: `check${names}KnownDependencyChange`,
        parameters: [],
        locals: [["v_class", "reference"]],
        body: `SELECT ${recallNumber("client_class_id")} INTO v_class;
        IF EXISTS (SELECT 1 FROM ${f}client_class_dependency AS d WHERE d.dependency_id = v_class)
          AND ${dependsOnKnown("v_class")}
            <> (${recallFlag("depend_on_known_directly")} OR ${recallFlag("depend_on_known_indirectly")}) THEN
          ${fail("whether a client class depends on KNOWN cannot change while others depend on the class")}
        END IF;`,
      },
    ];
  }

  triggers(): readonly Trigger[] {
    const f = this.#f;
    const { call, remember } = this.#dialect;
    const setOrder = (former: string) =>
      call(`setClientClass${this.#family}Order`, "NEW.id", "NEW.follow_class_name", former);
    const dependency = `${f}client_class_dependency`;
    const ofDependency = (what: string) => call(what, "NEW.class_id", "NEW.dependency_id");
    const optionsOf = (condition: string) => `DELETE FROM ${f}options WHERE ${condition};`;
    const pools = this.#family === 4 ? ["pool"] : ["pool", "pd_pool"];
    return [
      ...["global_parameter", "option_def", "server"].flatMap((table) =>
        (["INSERT", "UPDATE", "DELETE"] as const).map((event) => this.#audited(table, "id", event)),
      ),
      this.#audited("client_class", "id", "INSERT", setOrder("NULL")),
      this.#audited(
        "client_class",
        "id",
        "UPDATE",
        `${remember("depend_on_known_directly", "OLD.depend_on_known_directly")}
        ${remember("client_class_id", "NEW.id")} ${setOrder("OLD.follow_class_name")}`,
      ),
      this.#audited("client_class", "id", "DELETE"),
      {
        name: `${f}client_class_check_dependency_BINS`,
        table: dependency,
        time: "BEFORE",
        event: "INSERT",
        body: ofDependency(`checkDHCPv${this.#family}ClientClassDependency`),
      },
      {
        name: `${dependency}_AINS`,
        table: dependency,
        time: "AFTER",
        event: "INSERT",
        body: ofDependency(`updateDHCPv${this.#family}ClientClassKnownDependency`),
      },
      ...(["INSERT", "UPDATE"] as const).map((event) => this.#audited("shared_network", "id", event)),
      // What a foreign key takes away fires no trigger.
      this.#removed(
        "shared_network",
        `${this.#entry(`${f}shared_network`, "OLD.id", "'delete'")}
        UPDATE ${f}subnet SET shared_network_name = NULL WHERE shared_network_name = OLD.name;
        ${optionsOf("shared_network_name = OLD.name")}`,
      ),
      ...(["INSERT", "UPDATE"] as const).map((event) => this.#audited("subnet", "subnet_id", event)),
      this.#removed(
        "subnet",
        [
          this.#entry(`${f}subnet`, "OLD.subnet_id", "'delete'"),
          ...pools.map((pool) => `DELETE FROM ${f}${pool} WHERE subnet_id = OLD.subnet_id;`),
          optionsOf(`${f}subnet_id = OLD.subnet_id`),
        ].join("\n        "),
      ),
      ...pools.map((pool) => {
        const scope = pool === "pool" ? OptionScope.pool : OptionScope.pdPool;
        return this.#removed(pool, optionsOf(`scope_id = ${scope} AND ${pool}_id = OLD.id`));
      }),
      ...(["INSERT", "UPDATE", "DELETE"] as const).map((event) => this.#ofOption(event)),
    ];
  }

  #entry(table: string, id: string, change: string): string {
    return this.#dialect.call(`createAuditEntryDHCP${this.#family}`, `'${table}'`, id, change);
  }

  /** @param before what is done before the entry */
  #audited(table: string, key: string, event: Event, before = ""): Trigger {
    const [suffix, change] = EVENTS[event];
    const name = `${this.#f}${table}`;
    const entry = this.#entry(name, `${event === "DELETE" ? "OLD" : "NEW"}.${key}`, `'${change}'`);
    return { name: `${name}_${suffix}`, table: name, time: "AFTER", event, body: `${before} ${entry}` };
  }

  #removed(table: string, body: string): Trigger {
    const name = `${this.#f}${table}`;
    return { name: `${name}_BDEL`, table: name, time: "BEFORE", event: "DELETE", body };
  }

  #ofOption(event: Event): Trigger {
    const [suffix, change] = EVENTS[event];
    const name = `${this.#f}options`;
    const row = event === "DELETE" ? "OLD" : "NEW";
    const owners = [`${this.#f}subnet_id`, "host_id", "shared_network_name", "pool_id"];
    const columns = ["scope_id", "option_id", ...owners, ...(this.#family === 4 ? [] : ["pd_pool_id"])];
    const time = event === "DELETE" ? "CURRENT_TIMESTAMP" : "NEW.modification_ts";
    const body = this.#dialect.call(
      `createOptionAuditDHCP${this.#family}`,
      `'${change}'`,
      ...columns.map((column) => `${row}.${column}`),
      time,
    );
    return { name: `${name}_${suffix}`, table: name, time: "AFTER", event, body };
  }
}
