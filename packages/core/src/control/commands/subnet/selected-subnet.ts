/** How the commands that try the selection of a subnet say which one it is. */
import { z } from "zod";
import { type Answer, done, failed, Result } from "../../answer.ts";

interface Selected {
  readonly id: number;
  readonly text: string;
  readonly network: { readonly name: string } | undefined;
}

/** What packets of both families come with. */
export const arrival = {
  interface: z.string().optional().describe("Name of the interface that the packet comes in on."),
  classes: z.array(z.string()).optional().describe("Classes of the client: some subnets are for them only."),
};

export function selected(subnet: Selected | undefined): Answer {
  if (subnet === undefined) return failed("no subnet selected", Result.empty);
  const { id, text, network } = subnet;
  const where = `subnet '${text}' id ${id}`;
  return done(
    network === undefined ? `selected ${where}` : `selected shared network '${network.name}' starting with ${where}`,
  );
}
