/** A secret that tests know, and numbers that they can foresee. */
import { ClientReplays } from "../client-replays.ts";
import { ClientSecrets } from "../client-secrets.ts";
import type { OwnSecret } from "../own-secret.ts";

export function testSecret(seed = 7): OwnSecret {
  let last = 0n;
  const secrets = new ClientSecrets(new Uint8Array(32).fill(seed));
  return { secrets, replay: { next: () => ++last }, heard: new ClientReplays() };
}
