/** How much code runs, for tests of costs: the same on every machine, however busy it is. */
import { Session } from "node:inspector/promises";

/**
 * @param folder of the code that counts, such as `core/src/leases`
 * @returns how often functions were called and blocks in them entered, by V8's own coverage
 */
export async function countWork(folder: string, run: () => void | Promise<void>): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
    await run();
    const { result } = await session.post("Profiler.takePreciseCoverage");
    const counts = result
      .filter(({ url }) => url.includes(folder) && !url.endsWith(".test.ts"))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)));
    return counts.reduce((sum, count) => sum + count, 0);
  } finally {
    await session.post("Profiler.stopPreciseCoverage");
    session.disconnect();
  }
}
