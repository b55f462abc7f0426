/**
 * Kea's schema 22.2 for MySQL: its names and columns. A TIMESTAMP of MySQL ends in 2038, and it stays
 * one, since Kea reads it: leases that last longer are kept as ending then.
 */

import type { KeaSchemas } from "@kotare/core/leases/database/kea-schema";
import { FORMER_TABLES, lease4Table, lease6Table } from "@kotare/core/leases/database/sql-columns";
import { CONFIG_OPTIONS, CONFIG_ROUTINES, CONFIG_TABLES } from "./config-schema.ts";
import { HOST_TABLES } from "./host-schema.ts";
import { ROUTINES } from "./routines.ts";

/** Kea's. */
export const VERSION_TABLE = "schema_version";
/** In MySQL they are counted one further than in PostgreSQL from Kea 3.0 on. */
export const KEA_SCHEMAS: KeaSchemas = { kea30: 30, newest: 35 };

/**
 * Kea keeps a table of subnets, too, which costs each lease that comes or goes as much as that of pools; it only reads it.
 * @param type the column by which DHCPv6 tells leases apart
 */
function statistics(table: string, type: string, typeKey: string): readonly string[] {
  const subnet = "subnet_id INT UNSIGNED NOT NULL";
  const state = "state INT UNSIGNED NOT NULL, leases BIGINT";
  return [
    `CREATE TABLE ${table}_pool_stat (${subnet}, pool_id INT UNSIGNED NOT NULL, ${type}${state},
    PRIMARY KEY (subnet_id, pool_id, ${typeKey}state)) ENGINE = InnoDB`,
    `CREATE SQL SECURITY INVOKER VIEW ${table}_stat AS
    SELECT subnet_id, ${typeKey}state, CAST(SUM(leases) AS SIGNED) AS leases FROM ${table}_pool_stat GROUP BY subnet_id, ${typeKey}state`,
    `CREATE TABLE ${table}_stat_by_client_class (client_class VARCHAR(128) NOT NULL, ${type.replace("INT UNSIGNED", "TINYINT")}
    leases BIGINT UNSIGNED NOT NULL, PRIMARY KEY (${typeKey}client_class)) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4`,
  ];
}

const TABLES: readonly string[] = [
  "CREATE TABLE lease_state (state INT UNSIGNED PRIMARY KEY NOT NULL, name VARCHAR(64) NOT NULL)",
  "INSERT INTO lease_state VALUES (0, 'default'), (1, 'declined'), (2, 'expired-reclaimed')",
  "CREATE TABLE lease6_types (lease_type TINYINT PRIMARY KEY NOT NULL, name VARCHAR(5))",
  "INSERT INTO lease6_types VALUES (0, 'IA_NA'), (1, 'IA_TA'), (2, 'IA_PD')",
  "CREATE TABLE lease_hwaddr_source (hwaddr_source INT UNSIGNED PRIMARY KEY NOT NULL, name VARCHAR(40))",
  `INSERT INTO lease_hwaddr_source VALUES
    (0, 'HWADDR_SOURCE_UNKNOWN'), (1, 'HWADDR_SOURCE_RAW'), (2, 'HWADDR_SOURCE_IPV6_LINK_LOCAL'), (4, 'HWADDR_SOURCE_DUID'),
    (8, 'HWADDR_SOURCE_CLIENT_ADDR_RELAY_OPTION'), (16, 'HWADDR_SOURCE_REMOTE_ID'), (32, 'HWADDR_SOURCE_SUBSCRIBER_ID'),
    (64, 'HWADDR_SOURCE_DOCSIS_CMTS'), (128, 'HWADDR_SOURCE_DOCSIS_MODEM')`,
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
  ...["relay_id VARBINARY(130)", "remote_id VARBINARY(255)"].map((id) => {
    const [name] = id.split(" ");
    return `CREATE TABLE lease6_${name} (
    extended_info_id INT UNSIGNED PRIMARY KEY NOT NULL AUTO_INCREMENT,
    ${id} NOT NULL,
    lease_addr BINARY(16) NOT NULL,
    INDEX lease6_${name}_by_id (${name}, lease_addr),
    CONSTRAINT fk_lease6_${name} FOREIGN KEY (lease_addr) REFERENCES lease6 (address) ON DELETE CASCADE
  ) ENGINE = InnoDB`;
  }),
  ...statistics("lease4", "", ""),
  ...statistics("lease6", "lease_type INT UNSIGNED NOT NULL, ", "lease_type, "),
];

/** Kea's, of the forensic log; where it is not there. */
const LOG_TABLE = `CREATE TABLE IF NOT EXISTS logs (
    timestamp TIMESTAMP NULL DEFAULT CURRENT_TIMESTAMP,
    address VARCHAR(43) NULL,
    log TEXT NOT NULL,
    id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    INDEX timestamp_index (timestamp)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4`;

/**
 * Makes everything but the version in an empty database, each statement whole or not at all. The table for the version comes
 * first, the version last: where one is without the other, somebody was interrupted; where it is, nothing else is missing.
 */
export const TABLES_AND_ROUTINES: readonly string[] = [
  `CREATE TABLE ${VERSION_TABLE} (version INT PRIMARY KEY NOT NULL, minor INT)`,
  ...TABLES,
  ...ROUTINES,
  ...CONFIG_TABLES,
  ...HOST_TABLES,
  LOG_TABLE,
  ...CONFIG_OPTIONS,
  ...CONFIG_ROUTINES,
];

export const SCHEMA: readonly string[] = [...TABLES_AND_ROUTINES, "INSERT INTO schema_version VALUES (22, 2)"];

/** Our own tables, beside Kea's; in a database of either making. */
export const ADDITIONS: readonly string[] = [lease4Table, lease6Table].map(
  ({ claims }) => `CREATE TABLE IF NOT EXISTS ${claims} (
    client VARBINARY(260) PRIMARY KEY NOT NULL, place VARBINARY(64) NOT NULL, stamp BIGINT NOT NULL
  ) ENGINE = InnoDB`,
);

/** Brings what an earlier version of ours has made up to date. */
export const UPGRADE: readonly string[] = [
  ...HOST_TABLES,
  LOG_TABLE,
  ...ADDITIONS,
  ...FORMER_TABLES.map((name) => `DROP TABLE IF EXISTS ${name}`),
];
