/**
 * Kea's schema 22.2: its names and columns, so that Kea 2.6 runs on it, with statistics
 * that are kept by the statement and not by the row.
 */

import type { KeaSchemas } from "@kotare/core/leases/database/kea-schema";
import { FORMER_TABLES, lease4Table, lease6Table } from "@kotare/core/leases/database/sql-columns";
import { CONFIG_OPTIONS, CONFIG_ROUTINES, CONFIG_TABLES } from "./config-schema.ts";
import { HOST_TABLES } from "./host-schema.ts";

export const KEA_SCHEMAS: KeaSchemas = { kea30: 29, newest: 34 };

/** SQLSTATE. */
export const UNDEFINED_TABLE = "42P01";

const LOOK_UPS = `
CREATE TABLE schema_version (version INT PRIMARY KEY NOT NULL, minor INT);
INSERT INTO schema_version VALUES (22, 2);

CREATE TABLE lease_state (state INT8 PRIMARY KEY NOT NULL, name VARCHAR(64) NOT NULL);
INSERT INTO lease_state VALUES (0, 'default'), (1, 'declined'), (2, 'expired-reclaimed');

CREATE TABLE lease6_types (lease_type SMALLINT PRIMARY KEY NOT NULL, name VARCHAR(5));
INSERT INTO lease6_types VALUES (0, 'IA_NA'), (1, 'IA_TA'), (2, 'IA_PD');

CREATE TABLE lease_hwaddr_source (hwaddr_source INT PRIMARY KEY NOT NULL, name VARCHAR(40));
INSERT INTO lease_hwaddr_source VALUES
  (0, 'HWADDR_SOURCE_UNKNOWN'), (1, 'HWADDR_SOURCE_RAW'), (2, 'HWADDR_SOURCE_IPV6_LINK_LOCAL'), (4, 'HWADDR_SOURCE_DUID'),
  (8, 'HWADDR_SOURCE_CLIENT_ADDR_RELAY_OPTION'), (16, 'HWADDR_SOURCE_REMOTE_ID'), (32, 'HWADDR_SOURCE_SUBSCRIBER_ID'),
  (64, 'HWADDR_SOURCE_DOCSIS_CMTS'), (128, 'HWADDR_SOURCE_DOCSIS_MODEM');
`;

/** Kea has foreign keys for states and types: each row would lock the one row of all others, and cost a third more. */
const LEASES = `
CREATE TABLE lease4 (
  address INT8 PRIMARY KEY NOT NULL,
  hwaddr BYTEA,
  client_id BYTEA,
  valid_lifetime INT8,
  expire TIMESTAMP WITH TIME ZONE,
  subnet_id INT8,
  fqdn_fwd BOOLEAN,
  fqdn_rev BOOLEAN,
  hostname VARCHAR(255),
  state INT8 DEFAULT 0 CHECK (state IN (0, 1, 2)),
  user_context TEXT,
  relay_id BYTEA,
  remote_id BYTEA,
  pool_id INT8 NOT NULL DEFAULT 0
);
CREATE INDEX lease4_by_hwaddr_subnet_id ON lease4 (hwaddr, subnet_id);
CREATE INDEX lease4_by_client_id_subnet_id ON lease4 (client_id, subnet_id);
CREATE INDEX lease4_by_state_expire ON lease4 (state, expire);
CREATE INDEX lease4_by_subnet_id ON lease4 (subnet_id);
CREATE INDEX lease4_by_hostname ON lease4 (lower(hostname)) WHERE hostname IS NOT NULL AND hostname <> '';
CREATE INDEX lease4_by_relay_id ON lease4 (relay_id) WHERE relay_id IS NOT NULL;
CREATE INDEX lease4_by_remote_id ON lease4 (remote_id) WHERE remote_id IS NOT NULL;

CREATE TABLE lease6 (
  address INET PRIMARY KEY NOT NULL,
  duid BYTEA,
  valid_lifetime INT8,
  expire TIMESTAMP WITH TIME ZONE,
  subnet_id INT8,
  pref_lifetime INT8,
  lease_type SMALLINT CHECK (lease_type IN (0, 1, 2)),
  iaid INT,
  prefix_len SMALLINT,
  fqdn_fwd BOOLEAN,
  fqdn_rev BOOLEAN,
  hostname VARCHAR(255),
  state INT8 DEFAULT 0 CHECK (state IN (0, 1, 2)),
  hwaddr BYTEA,
  hwtype SMALLINT,
  hwaddr_source SMALLINT,
  user_context TEXT,
  pool_id INT8 NOT NULL DEFAULT 0
);
CREATE INDEX lease6_by_duid_iaid_subnet_id ON lease6 (duid, iaid, subnet_id);
CREATE INDEX lease6_by_state_expire ON lease6 (state, expire);
CREATE INDEX lease6_by_subnet_id_lease_type ON lease6 (subnet_id, lease_type);
CREATE INDEX lease6_by_subnet_id_address ON lease6 (subnet_id, address);
CREATE INDEX lease6_by_hostname ON lease6 (lower(hostname)) WHERE hostname IS NOT NULL AND hostname <> '';

CREATE TABLE lease6_relay_id (
  extended_info_id SERIAL PRIMARY KEY NOT NULL,
  relay_id BYTEA NOT NULL,
  lease_addr INET NOT NULL REFERENCES lease6 (address) ON DELETE CASCADE
);
CREATE INDEX lease6_relay_id_by_id ON lease6_relay_id (relay_id, lease_addr);
CREATE INDEX lease6_relay_id_by_address ON lease6_relay_id (lease_addr);
CREATE TABLE lease6_remote_id (
  extended_info_id SERIAL PRIMARY KEY NOT NULL,
  remote_id BYTEA NOT NULL,
  lease_addr INET NOT NULL REFERENCES lease6 (address) ON DELETE CASCADE
);
CREATE INDEX lease6_remote_id_by_id ON lease6_remote_id (remote_id, lease_addr);
CREATE INDEX lease6_remote_id_by_address ON lease6_remote_id (lease_addr);
`;

const STATISTICS = `
CREATE TABLE lease4_stat (
  subnet_id INT8 NOT NULL, state INT8 NOT NULL, leases INT8, PRIMARY KEY (subnet_id, state)
);
CREATE TABLE lease4_pool_stat (
  subnet_id INT8 NOT NULL, pool_id INT8 NOT NULL, state INT8 NOT NULL, leases INT8, PRIMARY KEY (subnet_id, pool_id, state)
);
CREATE TABLE lease4_stat_by_client_class (
  client_class VARCHAR(128) NOT NULL PRIMARY KEY, leases INT8 NOT NULL
);
CREATE TABLE lease6_stat (
  subnet_id INT8 NOT NULL, lease_type SMALLINT NOT NULL, state INT8 NOT NULL, leases INT8,
  PRIMARY KEY (subnet_id, lease_type, state)
);
CREATE TABLE lease6_pool_stat (
  subnet_id INT8 NOT NULL, pool_id INT8 NOT NULL, lease_type SMALLINT NOT NULL, state INT8 NOT NULL, leases INT8,
  PRIMARY KEY (subnet_id, pool_id, lease_type, state)
);
CREATE TABLE lease6_stat_by_client_class (
  client_class VARCHAR(128) NOT NULL, lease_type SMALLINT NOT NULL, leases INT8 NOT NULL,
  PRIMARY KEY (client_class, lease_type)
);
`;

/** The classes that Kea's limits hook has written into a lease. */
const CLASSES = `json_array_elements_text(CASE WHEN l.user_context LIKE '%"client-classes"%'
      THEN l.user_context::json -> 'ISC' -> 'client-classes' END) AS client_class`;

/** Leases in use and declined ones are counted, and by class those in use. */
const COUNTED: readonly number[] = [0, 1];
const IN_USE: readonly number[] = [0];

/** Keeps one table of statistics. */
function countInto(table: string, keys: readonly string[], leases: string, states = COUNTED, classes = ""): string {
  const list = keys.join(", ");
  const from = `leases AS l${classes === "" ? "" : `, ${classes}`} WHERE l.state IN (${states.join(", ")})`;
  return `
  WITH leases AS (${leases})
  INSERT INTO ${table} AS s (${list}, leases) SELECT ${list}, sum(delta) FROM ${from}
  GROUP BY ${list} HAVING sum(delta) <> 0 ORDER BY ${list}
  ON CONFLICT (${list}) DO UPDATE SET leases = greatest(s.leases + excluded.leases, 0);`;
}

function countFunction(family: 4 | 6, name: string, leases: string, states: readonly number[]): string {
  const type = family === 6 ? ["lease_type"] : [];
  return `
CREATE OR REPLACE FUNCTION ${name}() RETURNS trigger AS $$ BEGIN${[
    countInto(`lease${family}_stat`, ["subnet_id", ...type, "state"], leases, states),
    countInto(`lease${family}_pool_stat`, ["subnet_id", "pool_id", ...type, "state"], leases),
  ].join("")}
  IF EXISTS (SELECT FROM (${leases}) AS l WHERE l.user_context LIKE '%"client-classes"%') THEN
  ${countInto(`lease${family}_stat_by_client_class`, ["client_class", ...type], leases, IN_USE, CLASSES)}
  END IF;
  RETURN NULL;
END $$ LANGUAGE plpgsql;`;
}

/** What becomes of the statistics by the event: the tables of the trigger, and the leases with what they count for. */
const PUT = "SELECT *, 1 AS delta FROM new_leases";
const REMOVED = "SELECT *, -1 AS delta FROM old_leases";
const EVENTS = [
  ["INSERT", "NEW TABLE AS new_leases", PUT],
  ["UPDATE", "OLD TABLE AS old_leases NEW TABLE AS new_leases", `${PUT} UNION ALL ${REMOVED}`],
  ["DELETE", "OLD TABLE AS old_leases", REMOVED],
] as const;

function nameOf(family: 4 | 6, event: string): string {
  return `kotare_count_lease${family}_${event.toLowerCase()}`;
}

/** The functions that count leases. @param states those that count for a subnet */
export function counters(family: 4 | 6, states: readonly number[]): readonly string[] {
  return EVENTS.map(([event, , leases]) => countFunction(family, nameOf(family, event), leases, states));
}

function triggers(family: 4 | 6): string {
  const on = EVENTS.map(([event, tables]) => {
    const name = nameOf(family, event);
    return `CREATE TRIGGER ${name} AFTER ${event} ON lease${family} REFERENCING ${tables} FOR EACH STATEMENT EXECUTE FUNCTION ${name}();`;
  });
  return [...counters(family, COUNTED), ...on].join("\n");
}

/** Kea prepares these; its limits hook calls them. */
function limits(family: 4 | 6): string {
  const kinds =
    family === 4
      ? [["address-limit", ""]]
      : [
          ["address-limit", "0"],
          ["prefix-limit", "2"],
        ];
  const checks = kinds.map(([limit, type]) => {
    const typed = type === "" ? "" : ` AND s.lease_type = ${type}`;
    return `
  SELECT format('${limit} %s for client class "%s", current lease count %s', c.bound, c.name, c.leases) INTO found FROM (
    SELECT e ->> 'name' AS name, (e ->> '${limit}')::INT8 AS bound, coalesce((SELECT s.leases
      FROM lease${family}_stat_by_client_class AS s WHERE s.client_class = e ->> 'name'${typed}), 0) AS leases
    FROM json_array_elements(limits -> 'client-classes') AS e) AS c WHERE c.bound <= c.leases LIMIT 1;
  IF found IS NOT NULL THEN RETURN found; END IF;
  SELECT format('${limit} %s for subnet ID %s, current lease count %s', c.bound, c.id, c.leases) INTO found FROM (
    SELECT (limits -> 'subnet' ->> 'id')::INT8 AS id, (limits -> 'subnet' ->> '${limit}')::INT8 AS bound,
      coalesce((SELECT s.leases FROM lease${family}_stat AS s
        WHERE s.subnet_id = (limits -> 'subnet' ->> 'id')::INT8 AND s.state = 0${typed}), 0) AS leases) AS c
  WHERE c.bound <= c.leases;
  IF found IS NOT NULL THEN RETURN found; END IF;`;
  });
  return `
CREATE FUNCTION checkLease${family}Limits(user_context TEXT) RETURNS TEXT AS $$
DECLARE
  limits JSON := user_context::json -> 'ISC' -> 'limits';
  found TEXT;
BEGIN${checks.join("")}
  RETURN '';
END $$ LANGUAGE plpgsql;`;
}

const JSON_SUPPORT = "CREATE FUNCTION isJsonSupported() RETURNS BOOLEAN AS $$ SELECT true $$ LANGUAGE sql;";

/** Kea's, of the forensic log; where it is not there. */
const LOG_TABLE = `
CREATE TABLE IF NOT EXISTS logs (
  timestamp TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP,
  address VARCHAR(43) NULL,
  log TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS timestamp_id ON logs (timestamp);
CREATE INDEX IF NOT EXISTS address_id ON logs (address);
`;

/** What is about configuration, in a database that has tables of reservations. */
export const CONFIG = `${[CONFIG_TABLES, CONFIG_OPTIONS, CONFIG_ROUTINES].join(";\n")};`;

/** Makes the tables in an empty database. */
export const SCHEMA: string = [
  LOOK_UPS,
  LEASES,
  STATISTICS,
  triggers(4),
  triggers(6),
  JSON_SUPPORT,
  limits(4),
  limits(6),
  HOST_TABLES,
  LOG_TABLE,
  CONFIG,
].join("\n");

/** Our own tables, beside Kea's; in a database of either making. */
export const ADDITIONS: string = [lease4Table, lease6Table]
  .map(
    ({ claims }) =>
      `CREATE TABLE IF NOT EXISTS ${claims} (client BYTEA PRIMARY KEY NOT NULL, place TEXT NOT NULL, stamp INT8 NOT NULL);`,
  )
  .join("\n");

/** Brings what an earlier version of ours has made up to date. */
export const UPGRADE: string = [
  HOST_TABLES,
  LOG_TABLE,
  ADDITIONS,
  ...FORMER_TABLES.map((name) => `DROP TABLE IF EXISTS ${name};`),
].join("\n");
