/** The system that this process runs on. */

import { platform } from "node:os";
import { freebsd } from "./freebsd.ts";
import { linux } from "./linux.ts";
import { macos } from "./macos.ts";
import { netbsd } from "./netbsd.ts";
import { openbsd } from "./openbsd.ts";
import type { System } from "./system.ts";

const SYSTEMS: Partial<Record<NodeJS.Platform, System>> = { darwin: macos, freebsd, linux, netbsd, openbsd };

/** Systems that nobody has tried, such as DragonFly, are taken for FreeBSD. */
export const thisSystem: System = SYSTEMS[platform()] ?? freebsd;
