/** What extensions say of themselves in `status-get`. */
import type { Json } from "../../control/kea-json.ts";
import type { Extensions } from "../start-extensions.ts";

/** One that has a fault says so in place of the rest: the daemon's own status is more important. */
export function statusOf(extensions: Extensions): Readonly<Record<string, Json>> {
  return Object.assign({}, ...extensions.map(statusOfOne)) as Readonly<Record<string, Json>>;
}

function statusOfOne(extension: Extensions[number]): object {
  try {
    return extension.call("status", () => extension.contributions.status?.() ?? {});
  } catch (error) {
    return { [extension.name]: (error as Error).message };
  }
}
