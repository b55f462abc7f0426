/** The steps of a packet's way with what extensions contribute to them. Where they contribute nothing, the steps as they are. */
import type { Identity, Query } from "@kotare/extension";
import type { RunningExtension } from "../../extensions/running-extension.ts";
import type { Extensions } from "../../extensions/start-extensions.ts";
import type { PacketPath, PathTypes } from "./packet-path.ts";

export function extendPath<T extends PathTypes>(path: PacketPath<T>, extensions: Extensions): PacketPath<T> {
  const identifying = extensions.filter(({ contributions }) => contributions.identify !== undefined);
  if (identifying.length === 0) return path;
  return {
    ...path,
    place: (message, ingress, facts) =>
      path.place(message, ingress, facts, identify(identifying, path.show(message, ingress, facts.service))),
  };
}

/** What they say together; of what there can be one of, the first one's word counts. */
function identify(extensions: Extensions, query: Query): Identity {
  const classes: string[] = [];
  for (const extension of extensions) classes.push(...(identityOf(extension, query)?.classes ?? []));
  return { classes };
}

function identityOf(extension: RunningExtension, query: Query): Identity | undefined {
  return extension.call("identify", () => {
    const identity = extension.contributions.identify?.(query);
    if (identity?.classes?.every((name) => typeof name === "string") === false) {
      throw new TypeError("identify gave classes that are not names");
    }
    return identity;
  });
}
