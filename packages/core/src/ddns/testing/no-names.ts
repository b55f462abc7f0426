/** Where the DNS is told nothing: tests only. */
import type { NameSender } from "../name-sender.ts";

type Names = Pick<NameSender<never, never>, "resend" | "adopt" | "resendSince">;

export const noNames: Names = { resend: () => true, adopt: (_, change) => change(), resendSince: () => {} };
