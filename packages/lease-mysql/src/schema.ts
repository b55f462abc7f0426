/**
 * Kea's schema 22.2 for MySQL, as far as leases go: its names and columns. A TIMESTAMP of MySQL ends in 2038, and it stays
 * one, since Kea reads it: leases that last longer are kept as ending then.
 */

export const SCHEMA_VERSION = { version: 22, minor: 2 } as const;

const TABLES: readonly string[] = [
  "CREATE TABLE schema_version (version INT PRIMARY KEY NOT NULL, minor INT)",
  `INSERT INTO schema_version VALUES (${SCHEMA_VERSION.version}, ${SCHEMA_VERSION.minor})`,
  "CREATE TABLE lease_state (state INT UNSIGNED PRIMARY KEY NOT NULL, name VARCHAR(64) NOT NULL)",
  "INSERT INTO lease_state VALUES (0, 'default'), (1, 'declined'), (2, 'expired-reclaimed')",
  "CREATE TABLE lease6_types (lease_type TINYINT PRIMARY KEY NOT NULL, name VARCHAR(5))",
  "INSERT INTO lease6_types VALUES (0, 'IA_NA'), (1, 'IA_TA'), (2, 'IA_PD')",
  `CREATE TABLE lease4 (
    address INT UNSIGNED PRIMARY KEY NOT NULL,
    hwaddr VARBINARY(20),
    client_id VARBINARY(255),
    valid_lifetime INT UNSIGNED,
    expire TIMESTAMP NULL DEFAULT NULL,
    subnet_id INT UNSIGNED,
    fqdn_fwd BOOL,
    fqdn_rev BOOL,
    hostname VARCHAR(255),
    state INT UNSIGNED DEFAULT 0,
    user_context TEXT NULL,
    relay_id VARBINARY(255) DEFAULT NULL,
    remote_id VARBINARY(255) DEFAULT NULL,
    pool_id INT UNSIGNED NOT NULL DEFAULT 0,
    INDEX lease4_by_hwaddr_subnet_id (hwaddr, subnet_id),
    INDEX lease4_by_client_id_subnet_id (client_id, subnet_id),
    INDEX lease4_by_expire_state (expire, state),
    INDEX lease4_by_subnet_id (subnet_id),
    INDEX lease4_by_hostname (hostname),
    INDEX lease4_by_relay_id (relay_id),
    INDEX lease4_by_remote_id (remote_id),
    CONSTRAINT fk_lease4_state FOREIGN KEY (state) REFERENCES lease_state (state)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4`,
  `CREATE TABLE lease6 (
    address BINARY(16) PRIMARY KEY NOT NULL,
    duid VARBINARY(130),
    valid_lifetime INT UNSIGNED,
    expire TIMESTAMP NULL DEFAULT NULL,
    subnet_id INT UNSIGNED,
    pref_lifetime INT UNSIGNED,
    lease_type TINYINT,
    iaid INT UNSIGNED,
    prefix_len TINYINT UNSIGNED,
    fqdn_fwd BOOL,
    fqdn_rev BOOL,
    hostname VARCHAR(255),
    hwaddr VARBINARY(20),
    hwtype SMALLINT UNSIGNED,
    hwaddr_source INT UNSIGNED,
    state INT UNSIGNED DEFAULT 0,
    user_context TEXT NULL,
    pool_id INT UNSIGNED NOT NULL DEFAULT 0,
    INDEX lease6_by_duid_iaid_subnet_id (duid, iaid, subnet_id),
    INDEX lease6_by_expire_state (expire, state),
    INDEX lease6_by_subnet_id_lease_type (subnet_id, lease_type),
    INDEX lease6_by_hostname (hostname),
    CONSTRAINT fk_lease6_state FOREIGN KEY (state) REFERENCES lease_state (state)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4`,
  "CREATE TABLE lease4_stat (subnet_id INT UNSIGNED NOT NULL, state INT UNSIGNED NOT NULL, leases BIGINT, PRIMARY KEY (subnet_id, state)) ENGINE = InnoDB",
  `CREATE TABLE lease6_stat (subnet_id INT UNSIGNED NOT NULL, lease_type INT UNSIGNED NOT NULL, state INT UNSIGNED NOT NULL,
    leases BIGINT, PRIMARY KEY (subnet_id, lease_type, state)) ENGINE = InnoDB`,
];

/** Only leases in use and declined ones are counted. */
function count(table: string, row: "NEW" | "OLD", keys: readonly string[], delta: 1 | -1): string {
  const values = keys.map((key) => `${row}.${key}`).join(", ");
  return `IF ${row}.state IN (0, 1) THEN
    INSERT INTO ${table}_stat (${keys.join(", ")}, leases) VALUES (${values}, ${Math.max(delta, 0)})
    ON DUPLICATE KEY UPDATE leases = GREATEST(leases + ${delta}, 0); END IF;`;
}

function triggers(table: string, keys: readonly string[]): readonly string[] {
  const isMoved = keys.map((key) => `OLD.${key} <> NEW.${key}`).join(" OR ");
  const [put, removed] = [count(table, "NEW", keys, 1), count(table, "OLD", keys, -1)];
  return [
    `CREATE TRIGGER kotare_${table}_insert AFTER INSERT ON ${table} FOR EACH ROW BEGIN ${put} END`,
    `CREATE TRIGGER kotare_${table}_delete AFTER DELETE ON ${table} FOR EACH ROW BEGIN ${removed} END`,
    `CREATE TRIGGER kotare_${table}_update AFTER UPDATE ON ${table} FOR EACH ROW
      BEGIN IF ${isMoved} THEN ${removed} ${put} END IF; END`,
  ];
}

/** Makes the tables in an empty database. */
export const SCHEMA: readonly string[] = [
  ...TABLES,
  ...triggers("lease4", ["subnet_id", "state"]),
  ...triggers("lease6", ["subnet_id", "lease_type", "state"]),
];

/** Our own tables, beside Kea's; in a database of either making. */
export const ADDITIONS: readonly string[] = ["lease4", "lease6"].map(
  (table) => `CREATE TABLE IF NOT EXISTS kotare_claims_${table} (
    client VARBINARY(260) NOT NULL, scope VARBINARY(64) NOT NULL, place VARBINARY(64) NOT NULL,
    PRIMARY KEY (client, scope)
  ) ENGINE = InnoDB`,
);

/** @throws Error in words unless we know it */
export function checkVersion(found: string | undefined): void {
  const known = `${SCHEMA_VERSION.version}.${SCHEMA_VERSION.minor}`;
  if (found === known) return;
  if (found === undefined)
    throw new Error(`the database has no schema: make it with "db init", or with Kea's kea-admin db-init`);
  throw new Error(`the database has schema ${found}, and this program knows ${known}, that of Kea 2.6`);
}
