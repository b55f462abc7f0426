/** `lease-database`, `hosts-databases` and `config-control`: one set of keys for all of Kea's back-ends. */
import { z } from "zod";
import { choice, count, flag, milliseconds, port, remarks, seconds, text } from "./field.ts";

const connection = {
  name: text("memfile: the lease file; SQL: the database.").optional(),
  user: text("The database user.").optional(),
  password: text("The database user's password.").optional(),
  "password-file": text("A file that holds the password.").optional(),
  host: text("The database server's name or address.").optional(),
  port: port("The database server's port; 0 is the usual one.").default(0),
  "connect-timeout": seconds("How long a connection may take to open.").default(5),
  "read-timeout": seconds("MySQL: how long a read may take; 0 is for ever.").default(0),
  "write-timeout": seconds("MySQL: how long a write may take; 0 is for ever.").default(0),
  "tcp-user-timeout": seconds("PostgreSQL: how long sent data may stay unacknowledged; 0 is the system's.").default(0),
  "max-reconnect-tries": count("How often to try to connect again; for ever when unset.").optional(),
  "reconnect-wait-time": milliseconds("The pause between two tries.").optional(),
  "on-fail": choice("What to do when the database is lost.", [
    "stop-retry-exit",
    "serve-retry-exit",
    "serve-retry-continue",
  ]).optional(),
  "retry-on-startup": flag("Try again also when the database cannot be reached at start.").optional(),
  readonly: flag("Hosts only: never write to this database.").default(false),
  "trust-anchor": text("TLS: file or folder of the certificate authority.").optional(),
  "cert-file": text("TLS: our certificate.").optional(),
  "key-file": text("TLS: our private key.").optional(),
  "cipher-list": text("MySQL: TLS ciphers in OpenSSL's notation.").optional(),
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
  persist: flag("Keep leases in the file; false is for tests only.").default(true),
  "lfc-interval": seconds("How often the lease file is compacted; 0 is never.").default(3600),
  "max-row-errors": count("Leave off loading after this many bad rows; 0 is never.").default(0),
};

const type = choice("The kind of back-end.", ["memfile", "mysql", "postgresql"]);

export const LeaseDatabase = z.strictObject({ type, ...memfile, ...connection }).describe("Where leases are kept.");

export const HostsDatabase = z
  .strictObject({ type, ...memfile, ...connection })
  .describe("Where reservations are kept.");

export const ConfigControl = z
  .strictObject({
    "config-databases": z
      .array(z.strictObject({ type, ...memfile, ...connection }))
      .default([])
      .describe("Databases that hold parts of the configuration."),
    "config-fetch-wait-time": seconds("How often the database is asked for changes; 0 is never.").default(30),
    ...remarks,
  })
  .describe("Configuration that comes from a database.");
