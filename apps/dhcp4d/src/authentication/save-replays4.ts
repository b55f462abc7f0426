/** The numbers that clients have signed are in their file before the server ends. */
import type { Companion } from "@kotare/core/server/server-family";
import type { ClientReplays } from "@kotare/core/summons/client-replays";
import type { Service4 } from "../path/service4.ts";

export function saveReplays4(): Companion<unknown, Service4> {
  let heard: ClientReplays | undefined;
  return {
    update: () => undefined,
    configure: (_, { own }) => {
      heard = own?.heard;
    },
    stop: async () => heard?.settled(),
  };
}
