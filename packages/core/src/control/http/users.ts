/** Who may log in at an HTTP socket, and what each may do: basic authentication (RFC 7617) by Kea's keys. */
import { createHash, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { readSmallFile } from "../../base/regular-file.ts";
import type { Dhcp4Config } from "../../config/dhcp4-config.ts";
import type { Rights } from "../access.ts";

type Authentication = NonNullable<Dhcp4Config["control-sockets"][number]["authentication"]>;
type Client = Authentication["clients"][number];

export interface User {
  readonly name: string;
  readonly rights: Rights;
}

/** Bytes of a file with a name or a password. */
const MOST = 4096;

export class Users {
  readonly realm: string;
  readonly #users: readonly (User & { readonly digest: Buffer })[];

  private constructor(realm: string, users: readonly (User & { readonly digest: Buffer })[]) {
    this.realm = realm;
    this.#users = users;
  }

  /**
   * Who cannot be read from the files is left out: the others may log in.
   * @param fail told of each, in words
   */
  static load({ realm, directory, clients }: Authentication, fail: (what: string) => void): Users {
    const users = clients.flatMap((client) => {
      try {
        const { name, credentials } = readCredentials(client, directory);
        return [{ name, rights: rightsOf(client), digest: digestOf(credentials) }];
      } catch (error) {
        fail((error as Error).message);
        return [];
      }
    });
    return new Users(realm, users);
  }

  /** Takes as long for any. @param authorization the header */
  find(authorization: string | undefined): User | undefined {
    const basic = /^basic +([a-z0-9+/=]+) *$/i.exec(authorization ?? "")?.[1];
    if (basic === undefined) return undefined;
    const digest = digestOf(Buffer.from(basic, "base64").toString("latin1"));
    let found: User | undefined;
    for (const user of this.#users) if (timingSafeEqual(user.digest, digest)) found = user;
    return found;
  }
}

function rightsOf({ "user-context": context }: Client): Rights {
  return context?.kotare?.access ?? "write";
}

/** A file without a name beside it has both: `user:password`. */
function readCredentials(client: Client, directory: string): { name: string; credentials: string } {
  const { user, "user-file": userFile, password, "password-file": passwordFile } = client;
  const secret = passwordFile === undefined ? (password ?? "") : readWord(join(directory, passwordFile));
  const name = userFile === undefined ? user : readWord(join(directory, userFile));
  const credentials = name === undefined ? secret : `${name}:${secret}`;
  return { name: credentials.slice(0, credentials.indexOf(":")), credentials };
}

/** The first, as Kea reads it: what follows a space or a line end is not part of it. */
function readWord(path: string): string {
  const word = /\S+/.exec(readSmallFile(path, MOST).toString("latin1"))?.[0];
  if (word === undefined) throw new Error(`${path} is empty`);
  return word;
}

/** @param credentials one character a byte */
function digestOf(credentials: string): Buffer {
  return createHash("sha256").update(credentials, "latin1").digest();
}
