/** Waits for what others promise, but not for ever. */
import type { Milliseconds } from "./clock.ts";
import { Timer } from "./timer.ts";

/** Rejects with `words` when it takes longer; what comes of it then is nobody's any more. */
export async function withinTime<T>(promised: T | Promise<T>, limit: Milliseconds, words: string): Promise<T> {
  if (!(promised instanceof Promise)) return promised;
  let timer: Timer | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = Timer.after(limit, () => reject(new Error(words))).unref();
  });
  try {
    return await Promise.race([promised, late]);
  } finally {
    timer?.stop();
  }
}
