/** SIGHUP reloads, SIGTERM and SIGINT stop. */

export interface SignalHandlers {
  /** Never runs twice at a time: signals that come meanwhile cause one more run. Handles its own errors. */
  reload(): Promise<void>;
  /** Called once; a signal again while stopping changes nothing. */
  stop(signal: NodeJS.Signals): void;
}

/** Where signals come from: `process`, or any emitter in tests. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
}

/** For the life of the process: its handlers are never taken away, so that no signal falls back to killing it. */
export function handleSignals(handlers: SignalHandlers, source: SignalSource = process): void {
  let isReloading = false;
  let isWantedAgain = false;
  let isStopping = false;
  const reload = async () => {
    isWantedAgain = isReloading;
    if (isReloading) return;
    isReloading = true;
    do {
      isWantedAgain = false;
      await handlers.reload();
    } while (isWantedAgain && !isStopping);
    isReloading = false;
  };
  const stop = (signal: NodeJS.Signals) => {
    if (isStopping) return;
    isStopping = true;
    handlers.stop(signal);
  };
  source.on("SIGHUP", () => {
    if (!isStopping) void reload();
  });
  source.on("SIGTERM", stop);
  source.on("SIGINT", stop);
}
