/** What keeps Kea's statistics of leases true, and what its limits hook calls. */

/** Leases in use and declined ones. */
const COUNTED: readonly number[] = [0, 1];

/** Counts a row if it is in one of the `states`. */
function count(
  table: string,
  row: "NEW" | "OLD",
  keys: readonly string[],
  states: readonly number[],
  delta: 1 | -1,
): string {
  const values = keys.map((key) => `${row}.${key}`).join(", ");
  return `IF ${row}.state IN (${states.join(", ")}) THEN
    INSERT INTO ${table} (${keys.join(", ")}, leases) VALUES (${values}, ${Math.max(delta, 0)})
    ON DUPLICATE KEY UPDATE leases = GREATEST(leases + ${delta}, 0); END IF;`;
}

/** Counts a row by the classes that Kea's limits hook has written into it; only leases in use are. */
function countClasses(table: string, row: "NEW" | "OLD", type: readonly string[], delta: 1 | -1): string {
  const values = ["user_context", ...type].map((key) => `${row}.${key}`).join(", ");
  return `IF ${row}.state = 0 AND ${row}.user_context LIKE '%"client-classes"%' THEN
    CALL kotare_count_${table}_classes(${values}, ${delta}); END IF;`;
}

/** What becomes of the statistics when `table` changes. @param type the column by which DHCPv6 tells leases apart */
function triggers(table: string, type: readonly string[], states = COUNTED): readonly string[] {
  const isMoved = (by: readonly string[]) => by.map((key) => `NOT (OLD.${key} <=> NEW.${key})`).join(" OR ");
  const keys = ["subnet_id", "pool_id", ...type, "state"];
  const put = count(`${table}_pool_stat`, "NEW", keys, states, 1);
  const removed = count(`${table}_pool_stat`, "OLD", keys, states, -1);
  const [putClasses, removedClasses] = [countClasses(table, "NEW", type, 1), countClasses(table, "OLD", type, -1)];
  const trigger = (event: string, body: string) =>
    `CREATE TRIGGER kotare_${table}_${event} AFTER ${event.toUpperCase()} ON ${table} FOR EACH ROW BEGIN ${body} END`;
  return [
    trigger("insert", `${put} ${putClasses}`),
    trigger("delete", `${removed} ${removedClasses}`),
    trigger(
      "update",
      `IF ${isMoved(keys)} THEN ${removed} ${put} END IF;
      IF ${isMoved([...type, "state", "user_context"])} THEN ${removedClasses} ${putClasses} END IF;`,
    ),
  ];
}

function classCounter(table: string, type: readonly string[]): string {
  const columns = ["client_class", ...type].join(", ");
  return `CREATE PROCEDURE kotare_count_${table}_classes(IN context TEXT, ${type.map((key) => `IN ${key} TINYINT, `).join("")}IN delta INT)
    MODIFIES SQL DATA
  BEGIN
    DECLARE i INT DEFAULT 0;
    DECLARE client_class VARCHAR(128);
    WHILE i < COALESCE(JSON_LENGTH(context, '$.ISC."client-classes"'), 0) DO
      SET client_class = JSON_UNQUOTE(JSON_EXTRACT(context, CONCAT('$.ISC."client-classes"[', i, ']')));
      INSERT INTO ${table}_stat_by_client_class (${columns}, leases) VALUES (${columns}, GREATEST(delta, 0))
      ON DUPLICATE KEY UPDATE leases = IF(delta < 0 AND leases = 0, 0, leases + delta);
      SET i = i + 1;
    END WHILE;
  END`;
}

interface Limit {
  readonly name: string;
  /** What else a row of the statistics must have. */
  readonly and: string;
}

/** The words of a limit that is reached: Kea reads no more of it than whether there are any. */
function check(table: string, { name, and }: Limit, of: "class" | "subnet"): string {
  const bound =
    of === "class"
      ? `JSON_EXTRACT(user_context, CONCAT('$.ISC.limits."client-classes"[', i, ']."${name}"'))`
      : `JSON_EXTRACT(user_context, '$.ISC.limits.subnet."${name}"')`;
  const held =
    of === "class"
      ? `SELECT leases FROM ${table}_stat_by_client_class WHERE client_class = subject${and}`
      : `SELECT leases FROM ${table}_stat WHERE subnet_id = subject AND state = 0${and}`;
  const words =
    of === "class" ? `' for client class "', subject, '", current` : "' for subnet ID ', subject, ', current";
  return `SET bound = ${bound};
      SET held = COALESCE((${held}), 0);
      IF bound <= held THEN RETURN CONCAT('${name} ', bound, ${words} lease count ', held); END IF;`;
}

function limits(family: 4 | 6): string {
  const table = `lease${family}`;
  const kinds: readonly Limit[] =
    family === 4
      ? [{ name: "address-limit", and: "" }]
      : [
          { name: "address-limit", and: " AND lease_type = 0" },
          { name: "prefix-limit", and: " AND lease_type = 2" },
        ];
  const checks = (of: "class" | "subnet") => kinds.map((kind) => check(table, kind, of)).join("\n");
  return `CREATE FUNCTION checkLease${family}Limits(user_context TEXT) RETURNS TEXT READS SQL DATA
  BEGIN
    DECLARE i INT DEFAULT 0;
    DECLARE bound, held BIGINT;
    DECLARE subject VARCHAR(128);
    WHILE i < COALESCE(JSON_LENGTH(user_context, '$.ISC.limits."client-classes"'), 0) DO
      SET subject = JSON_UNQUOTE(JSON_EXTRACT(user_context, CONCAT('$.ISC.limits."client-classes"[', i, '].name')));
      ${checks("class")}
      SET i = i + 1;
    END WHILE;
    SET subject = JSON_EXTRACT(user_context, '$.ISC.limits.subnet.id');
    ${checks("subnet")}
    RETURN '';
  END`;
}

export const ROUTINES: readonly string[] = [
  classCounter("lease4", []),
  classCounter("lease6", ["lease_type"]),
  ...triggers("lease4", []),
  ...triggers("lease6", ["lease_type"]),
  "CREATE FUNCTION isJsonSupported() RETURNS BOOL DETERMINISTIC RETURN TRUE",
  limits(4),
  limits(6),
];

/** Has the triggers of DHCPv6 count leases in these states. */
export function recount6(states: readonly number[]): readonly string[] {
  return [
    ...["insert", "delete", "update"].map((event) => `DROP TRIGGER IF EXISTS kotare_lease6_${event}`),
    ...triggers("lease6", ["lease_type"], states),
  ];
}
