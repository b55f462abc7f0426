/** Kea's tables of reservations in its schema 22.2 for PostgreSQL: its names and columns, so that Kea 2.6 runs on them. */

function options(family: 4 | 6, codeType: string, more: string): string {
  const table = `dhcp${family}_options`;
  return `
CREATE TABLE IF NOT EXISTS ${table} (
  option_id SERIAL PRIMARY KEY NOT NULL,
  code ${codeType} NOT NULL,
  value BYTEA,
  formatted_value TEXT,
  space VARCHAR(128),
  persistent BOOLEAN NOT NULL DEFAULT false,
  dhcp_client_class VARCHAR(128),
  dhcp${family}_subnet_id INT8,
  host_id INT REFERENCES hosts (host_id) ON DELETE CASCADE,
  scope_id SMALLINT NOT NULL REFERENCES dhcp_option_scope (scope_id),
  user_context TEXT,
  shared_network_name VARCHAR(128),
  pool_id INT8,${more}
  modification_ts TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
  cancelled BOOLEAN NOT NULL DEFAULT false
);
CREATE INDEX IF NOT EXISTS fk_${table}_host1_idx ON ${table} (host_id);`;
}

/** Makes those that are not there. */
export const HOST_TABLES = `
CREATE TABLE IF NOT EXISTS host_identifier_type (type SMALLINT PRIMARY KEY NOT NULL, name VARCHAR(32));
INSERT INTO host_identifier_type VALUES (0, 'hw-address'), (1, 'duid'), (2, 'circuit-id'), (3, 'client-id'), (4, 'flex-id')
  ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS dhcp_option_scope (scope_id SMALLINT PRIMARY KEY NOT NULL, scope_name VARCHAR(32));
INSERT INTO dhcp_option_scope VALUES
  (0, 'global'), (1, 'subnet'), (2, 'client-class'), (3, 'host'), (4, 'shared-network'), (5, 'pool'), (6, 'pd-pool')
  ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS hosts (
  host_id SERIAL PRIMARY KEY NOT NULL,
  dhcp_identifier BYTEA NOT NULL,
  dhcp_identifier_type SMALLINT NOT NULL REFERENCES host_identifier_type (type),
  dhcp4_subnet_id INT8,
  dhcp6_subnet_id INT8,
  ipv4_address INT8,
  hostname VARCHAR(255),
  dhcp4_client_classes VARCHAR(255),
  dhcp6_client_classes VARCHAR(255),
  dhcp4_next_server INT8,
  dhcp4_server_hostname VARCHAR(64),
  dhcp4_boot_file_name VARCHAR(128),
  user_context TEXT,
  auth_key VARCHAR(32)
);
CREATE UNIQUE INDEX IF NOT EXISTS key_dhcp4_identifier_subnet_id
  ON hosts (dhcp_identifier, dhcp_identifier_type, dhcp4_subnet_id) WHERE dhcp4_subnet_id IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS key_dhcp6_identifier_subnet_id
  ON hosts (dhcp_identifier, dhcp_identifier_type, dhcp6_subnet_id) WHERE dhcp6_subnet_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS key_dhcp_identifier ON hosts (dhcp_identifier, dhcp_identifier_type);
CREATE INDEX IF NOT EXISTS key_dhcp4_ipv4_address_subnet_id ON hosts (ipv4_address, dhcp4_subnet_id);
CREATE INDEX IF NOT EXISTS hosts_by_hostname ON hosts (lower(hostname)) WHERE hostname IS NOT NULL;

CREATE TABLE IF NOT EXISTS ipv6_reservations (
  reservation_id SERIAL PRIMARY KEY NOT NULL,
  address INET NOT NULL,
  prefix_len SMALLINT NOT NULL DEFAULT 128,
  type SMALLINT NOT NULL DEFAULT 0,
  dhcp6_iaid INT,
  host_id INT NOT NULL REFERENCES hosts (host_id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS fk_ipv6_reservations_host_idx ON ipv6_reservations (host_id);
CREATE INDEX IF NOT EXISTS key_dhcp6_address_prefix_len ON ipv6_reservations (address, prefix_len);
${options(4, "SMALLINT", "")}
${options(6, "INT", "\n  pd_pool_id INT8,")}
`;
