/** What node runs of a daemon first. Signals that ask nothing of a daemon, and would end it, do not while its code is loaded. */
import { Bundle } from "./bundle.ts";

/** Node would open its inspector to every local user at SIGUSR1. SIGHUP has a meaning as soon as there is a configuration to read anew. */
const IGNORED = [
  "SIGHUP",
  "SIGUSR1",
  "SIGUSR2",
  "SIGALRM",
  "SIGVTALRM",
  "SIGPROF",
  "SIGIO",
  "SIGPWR",
  "SIGSTKFLT",
] as const;

/** With `--cpu-prof` this one is V8's. */
const isProfiled = process.execArgv.includes("--cpu-prof");

for (const signal of IGNORED) if (signal !== "SIGPROF" || !isProfiled) process.on(signal, () => {});

new Bundle(import.meta.dirname).run();
