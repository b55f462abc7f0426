/** Kea's tables of reservations in its schema 22.2 for MySQL: its names and columns, so that Kea 2.6 runs on them. */

const ENGINE = "ENGINE = InnoDB DEFAULT CHARSET = utf8mb4";

function options(family: 4 | 6, codeType: string, more: string): string {
  const table = `dhcp${family}_options`;
  return `CREATE TABLE IF NOT EXISTS ${table} (
    option_id BIGINT UNSIGNED PRIMARY KEY NOT NULL AUTO_INCREMENT,
    code ${codeType} UNSIGNED NOT NULL,
    value BLOB,
    formatted_value TEXT,
    space VARCHAR(128),
    persistent BOOL NOT NULL DEFAULT 0,
    dhcp_client_class VARCHAR(128),
    dhcp${family}_subnet_id INT UNSIGNED,
    host_id INT UNSIGNED,
    scope_id TINYINT UNSIGNED NOT NULL,
    user_context TEXT,
    shared_network_name VARCHAR(128),
    pool_id BIGINT UNSIGNED,${more}
    modification_ts TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    cancelled BOOL NOT NULL DEFAULT 0,
    CONSTRAINT fk_${table}_Host FOREIGN KEY (host_id) REFERENCES hosts (host_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_${table}_scope FOREIGN KEY (scope_id) REFERENCES dhcp_option_scope (scope_id)
  ) ${ENGINE}`;
}

/** Makes those that are not there. */
export const HOST_TABLES: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS host_identifier_type (type TINYINT PRIMARY KEY NOT NULL, name VARCHAR(32)) ${ENGINE}`,
  `INSERT IGNORE INTO host_identifier_type VALUES
    (0, 'hw-address'), (1, 'duid'), (2, 'circuit-id'), (3, 'client-id'), (4, 'flex-id')`,
  `CREATE TABLE IF NOT EXISTS dhcp_option_scope (scope_id TINYINT UNSIGNED PRIMARY KEY NOT NULL, scope_name VARCHAR(32)) ${ENGINE}`,
  `INSERT IGNORE INTO dhcp_option_scope VALUES
    (0, 'global'), (1, 'subnet'), (2, 'client-class'), (3, 'host'), (4, 'shared-network'), (5, 'pool'), (6, 'pd-pool')`,
  `CREATE TABLE IF NOT EXISTS hosts (
    host_id INT UNSIGNED PRIMARY KEY NOT NULL AUTO_INCREMENT,
    dhcp_identifier VARBINARY(255) NOT NULL,
    dhcp_identifier_type TINYINT NOT NULL,
    dhcp4_subnet_id INT UNSIGNED,
    dhcp6_subnet_id INT UNSIGNED,
    ipv4_address INT UNSIGNED,
    hostname VARCHAR(255),
    dhcp4_client_classes VARCHAR(255),
    dhcp6_client_classes VARCHAR(255),
    dhcp4_next_server INT UNSIGNED,
    dhcp4_server_hostname VARCHAR(64),
    dhcp4_boot_file_name VARCHAR(128),
    user_context TEXT,
    auth_key VARCHAR(32),
    UNIQUE KEY key_dhcp4_identifier_subnet_id (dhcp_identifier, dhcp_identifier_type, dhcp4_subnet_id),
    UNIQUE KEY key_dhcp6_identifier_subnet_id (dhcp_identifier, dhcp_identifier_type, dhcp6_subnet_id),
    INDEX key_dhcp4_ipv4_address_subnet_id_identifier (ipv4_address, dhcp4_subnet_id),
    INDEX hosts_by_hostname (hostname),
    CONSTRAINT fk_host_identifier_type FOREIGN KEY (dhcp_identifier_type) REFERENCES host_identifier_type (type)
  ) ${ENGINE}`,
  `CREATE TABLE IF NOT EXISTS ipv6_reservations (
    reservation_id INT UNSIGNED PRIMARY KEY NOT NULL AUTO_INCREMENT,
    address BINARY(16) NOT NULL,
    prefix_len TINYINT UNSIGNED NOT NULL DEFAULT 128,
    type TINYINT UNSIGNED NOT NULL DEFAULT 0,
    dhcp6_iaid INT UNSIGNED,
    host_id INT UNSIGNED NOT NULL,
    INDEX key_dhcp6_address_prefix_len (address, prefix_len),
    CONSTRAINT fk_ipv6_reservations_Host FOREIGN KEY (host_id) REFERENCES hosts (host_id) ON DELETE CASCADE ON UPDATE CASCADE
  ) ${ENGINE}`,
  options(4, "TINYINT", ""),
  options(6, "SMALLINT", "\n    pd_pool_id BIGINT UNSIGNED,"),
];
