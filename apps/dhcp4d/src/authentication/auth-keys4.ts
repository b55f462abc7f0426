/** What clients authenticate their messages with: a secret of one client, of all, or one that each client's is derived from. */

import { latin1 } from "@kotare/core/base/bytes";
import type { Dhcp4Config } from "@kotare/core/config/dhcp4-config";
import { parseIdentifier } from "@kotare/core/config/host-identifier";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { hmacMd5 } from "@kotare/core/summons/client-secrets";

type AuthenticationConfig = NonNullable<
  NonNullable<NonNullable<Dhcp4Config["user-context"]>["kotare"]>["authentication"]
>;
type Client = Pick<Lease4, "hwaddr" | "clientId">;

/** Of one client. */
export interface AuthKey4 {
  readonly id: number;
  readonly secret: Uint8Array;
}

/** What an answer is authenticated with, and what is remembered of the message. */
export type Auth4 =
  | { readonly token: Uint8Array; readonly key: undefined; readonly replay: undefined }
  | {
      readonly token: undefined;
      readonly key: AuthKey4;
      /** `undefined` where nothing is signed: anybody may have chosen it. */
      readonly replay: bigint | undefined;
    };

interface ConfiguredKey {
  readonly id: number | undefined;
  readonly secret: Uint8Array;
  readonly isMaster: boolean;
  /** Its hardware address or client identifier, as `latin1`; `undefined` for any. */
  readonly client: string | undefined;
}

export class AuthKeys4 {
  readonly #keys: readonly ConfiguredKey[];
  readonly #tokens: readonly ConfiguredKey[];
  /** Classes whose members have to authenticate. */
  readonly requiredClasses: readonly string[];

  constructor({ keys, "required-classes": requiredClasses }: AuthenticationConfig) {
    const compiled = keys.map(({ protocol, id, secret, master, client }) => ({
      protocol,
      id,
      secret: Uint8Array.from(Buffer.from(secret)),
      isMaster: master,
      client: client === undefined ? undefined : latin1(parseIdentifier(client)!),
    }));
    this.#keys = compiled.filter(({ protocol }) => protocol === "delayed");
    this.#tokens = compiled.filter(({ protocol }) => protocol === "token");
    this.requiredClasses = requiredClasses;
  }

  /** RFC 3118 §5.6.2: the one that the server chooses for a client, its own first. */
  choose(client: Client): AuthKey4 | undefined {
    return this.#ofClient(this.#keys, client).map((key) => keyOf(key, client))[0];
  }

  /** The one that a client names. */
  find(id: number, client: Client): AuthKey4 | undefined {
    const found = this.#ofClient(this.#keys, client).find((key) => key.id === id);
    return found && keyOf(found, client);
  }

  /** Of configuration tokens. */
  tokenOf(client: Client): Uint8Array | undefined {
    return this.#ofClient(this.#tokens, client)[0]?.secret;
  }

  #ofClient(keys: readonly ConfiguredKey[], { hwaddr, clientId }: Client): readonly ConfiguredKey[] {
    const names = [latin1(hwaddr), ...(clientId === undefined ? [] : [latin1(clientId)])];
    const own = keys.filter(({ client }) => client !== undefined && names.includes(client));
    return [...own, ...keys.filter(({ client }) => client === undefined)];
  }
}

/** RFC 3118, appendix A: MAC(master key, unique id). */
function keyOf({ id, secret, isMaster }: ConfiguredKey, { hwaddr, clientId }: Client): AuthKey4 {
  return { id: id!, secret: isMaster ? hmacMd5(secret, clientId ?? hwaddr) : secret };
}
