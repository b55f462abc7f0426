/** Those of Kea's procedures that its schemas 29.0 and 30.0 have otherwise than 22.2: its triggers call them by these names. */

function procedure(name: string, parameters: readonly string[], body: string): readonly string[] {
  return [
    `DROP PROCEDURE IF EXISTS ${name}`,
    `CREATE PROCEDURE ${name}(${parameters.map((each) => `IN ${each}`).join(", ")}) BEGIN ${body} END`,
  ];
}

function keysOf(time: "new" | "old"): readonly string[] {
  return [`${time}_state TINYINT`, `${time}_subnet_id INT UNSIGNED`, `${time}_lease_type TINYINT`];
}

/** Count registered leases, too. */
export const KEA_COUNTERS6: readonly string[] = [
  ...procedure(
    "lease6_AINS_lease6_stat",
    keysOf("new"),
    `IF new_state IN (0, 1, 4) THEN
      INSERT INTO lease6_stat (subnet_id, lease_type, state, leases) VALUES (new_subnet_id, new_lease_type, new_state, 1)
      ON DUPLICATE KEY UPDATE leases = leases + 1; END IF;`,
  ),
  ...procedure(
    "lease6_ADEL_lease6_stat",
    keysOf("old"),
    `UPDATE lease6_stat SET leases = leases - 1
      WHERE subnet_id = old_subnet_id AND lease_type = old_lease_type AND state = old_state AND leases > 0;`,
  ),
  ...procedure(
    "lease6_AUPD_lease6_stat",
    [...keysOf("old"), ...keysOf("new")],
    `IF old_state <> new_state OR old_subnet_id <> new_subnet_id OR old_lease_type <> new_lease_type THEN
      CALL lease6_ADEL_lease6_stat(old_state, old_subnet_id, old_lease_type);
      CALL lease6_AINS_lease6_stat(new_state, new_subnet_id, new_lease_type); END IF;`,
  ),
];

/** By what the other two do, which take any context. @param table `lease4` or `lease6` */
export function keaClassCounter(table: string): readonly string[] {
  const types = table === "lease6" ? ["lease_type TINYINT"] : [];
  const keysOf = (time: "new" | "old") =>
    ["state TINYINT", "user_context TEXT", ...types].map((key) => `${time}_${key}`);
  const valuesOf = (time: "new" | "old") =>
    keysOf(time)
      .map((key) => key.split(" ")[0])
      .join(", ");
  const isMoved = keysOf("new").map((key) => {
    const name = key.split(" ")[0]!.slice("new_".length);
    return `NOT (old_${name} <=> new_${name})`;
  });
  return procedure(
    `${table}_AUPD_${table}_stat_by_client_class`,
    [...keysOf("old"), ...keysOf("new")],
    `IF ${isMoved.join(" OR ")} THEN
      CALL ${table}_ADEL_${table}_stat_by_client_class(${valuesOf("old")});
      CALL ${table}_AINS_${table}_stat_by_client_class(${valuesOf("new")}); END IF;`,
  );
}
