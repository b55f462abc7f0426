/**
 * Loaded before a daemon's own code: signals that ask nothing of a daemon, and would end it. Node would open its inspector
 * to every local user at SIGUSR1. SIGHUP has a meaning as soon as there is a configuration to read anew.
 */
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

for (const signal of IGNORED) process.on(signal, () => {});

export {};
