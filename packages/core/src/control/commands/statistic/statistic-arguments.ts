/** Arguments that several commands about statistics share. */
import { z } from "zod";

export const statisticName = z.string().describe("The full name: `pkt4-received`, `subnet[1].assigned-addresses`.");
export const duration = z.int().min(0).max(0x7fff_ffff).describe("Seconds: older values are not kept.");
export const maxSamples = z.int().min(1).max(1000).describe("How many values are kept, that of now included.");
