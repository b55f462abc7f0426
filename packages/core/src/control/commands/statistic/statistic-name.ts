/** The argument that names a statistic. */
import { z } from "zod";

export const statisticName = z.string().describe("The full name: `pkt4-received`, `subnet[1].assigned-addresses`.");
