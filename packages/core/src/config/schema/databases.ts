/** `lease-database`, `hosts-databases` and `config-control`: one set of keys for all of Kea's back-ends. */
import { z } from "zod";
import { choice, count, flag, milliseconds, port, remarks, seconds, text, unfilled } from "./field.ts";
import { asKea, isEmpty } from "./kea-form.ts";

/** Of keys that are not filled in. */
export const DATABASE_DEFAULTS = {
  port: 0,
  "connect-timeout": 5,
  "read-timeout": 0,
  "write-timeout": 0,
  "tcp-user-timeout": 0,
  readonly: false,
  persist: true,
  "lfc-interval": 3600,
  "max-row-errors": 0,
};

function given(doc: string) {
  return asKea(text(doc).optional(), { isSilent: isEmpty });
}

/** How a database is reached. */
export const DATABASE_CONNECTION = {
  name: given("memfile: the lease file; file: the file of reservations; SQL: the database."),
  user: given("The database user."),
  password: given("The database user's password."),
  "password-file": given("A file that holds the password."),
  host: given("The database server's name or address."),
  port: unfilled(port("The database server's port; 0 is the usual one."), DATABASE_DEFAULTS.port),
  "connect-timeout": unfilled(seconds("How long a connection may take to open."), DATABASE_DEFAULTS["connect-timeout"]),
  "read-timeout": unfilled(
    seconds("MySQL: how long a read may take; 0 is for ever."),
    DATABASE_DEFAULTS["read-timeout"],
  ),
  "write-timeout": unfilled(
    seconds("MySQL: how long a write may take; 0 is for ever."),
    DATABASE_DEFAULTS["write-timeout"],
  ),
  "tcp-user-timeout": unfilled(
    seconds("PostgreSQL: how long sent data may stay unacknowledged; 0 is the system's."),
    DATABASE_DEFAULTS["tcp-user-timeout"],
  ),
  "max-reconnect-tries": count("How often to try to connect again; for ever when unset.").optional(),
  "reconnect-wait-time": milliseconds("The pause between two tries.").optional(),
  "on-fail": choice("What happens when the connection to the database is lost.", [
    "stop-retry-exit",
    "serve-retry-exit",
    "serve-retry-continue",
  ]).optional(),
  "retry-on-startup": flag("Try again also when the database cannot be reached at start.").optional(),
  readonly: unfilled(flag("Databases of reservations only: never write to this one."), DATABASE_DEFAULTS.readonly),
  "trust-anchor": given("TLS: file or folder of the certificate authority."),
  "cert-file": given("TLS: our certificate."),
  "key-file": given("TLS: our private key."),
  "cipher-list": given("MySQL: TLS ciphers in OpenSSL's notation."),
  "ssl-mode": choice("PostgreSQL: whether and how TLS is used.", [
    "disable",
    "prefer",
    "require",
    "verify-ca",
    "verify-full",
  ]).optional(),
  ...remarks,
};

const memfile = {
  persist: unfilled(flag("Whether leases are kept in the file; false is for tests only."), DATABASE_DEFAULTS.persist),
  "lfc-interval": unfilled(
    seconds("How often the lease file is compacted; 0 means never."),
    DATABASE_DEFAULTS["lfc-interval"],
  ),
  "max-row-errors": unfilled(
    count("After how many bad rows loading stops; 0 means never."),
    DATABASE_DEFAULTS["max-row-errors"],
  ),
};

const type = choice("The kind of back-end.", ["memfile", "mysql", "postgresql"]);

export const LeaseDatabase = z
  .strictObject({ type, ...memfile, ...DATABASE_CONNECTION })
  .describe("Where leases are kept.");

const hostsType = choice("The kind of back-end. `file` is a file of ours, which Kea does not know.", [
  "memfile",
  "mysql",
  "postgresql",
  "file",
]);

export const HostsDatabase = z
  .strictObject({ type: hostsType, ...memfile, ...DATABASE_CONNECTION })
  .describe("Where reservations are kept.");

export const ConfigControl = z
  .strictObject({
    "config-databases": z
      .array(z.strictObject({ type, ...memfile, ...DATABASE_CONNECTION }))
      .default([])
      .describe("Databases that hold parts of the configuration."),
    "config-fetch-wait-time": seconds("How often the database is asked for changes; 0 means never.").default(30),
    ...remarks,
  })
  .describe("Configuration that comes from a database.");
