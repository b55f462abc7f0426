/** How the checks hand over what they find. */
import type { ConfigFault } from "../fault.ts";

export type Report = (fault: ConfigFault) => void;
