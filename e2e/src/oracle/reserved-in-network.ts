/** Scenes about the classes that reservations give in a shared network: global ones, those of its subnets, and both at once. */
import type { Exchange, Scene } from "./scene.ts";
import type { Speech } from "./speech.ts";

/** How a family says it. Clients are numbers. */
export interface Reserved<S extends Speech> {
  readonly subnets: "subnet4" | "subnet6";
  /** Prefixes and pools. */
  readonly first: object;
  readonly second: object;
  /** What a reservation names a client by. */
  identify(client: number): object;
  /** What a reservation says of an address in the second subnet. */
  place(client: number): object;
  /** By which option a client's class is seen. */
  readonly options: Readonly<Record<"global" | "own" | "none", object>>;
  /** @param wants whether the client asks for an address in the first subnet */
  bind(title: string, client: number, wants: boolean): Exchange<S>;
}

const OWN = { "client-classes": ["own"] };

/** @param more what the configuration says beside reservations; what the subnets say beside that */
function reserved<S extends Speech>(
  family: Reserved<S>,
  title: string,
  more: object,
  first: object = {},
  second: object = {},
): Scene<S> {
  const { options, subnets, identify, place } = family;
  const hosts = (clients: readonly number[], said: object = {}) =>
    clients.map((each) => ({ ...identify(each), ...said }));
  const given = (name: "global" | "own") => ({
    name: `of-${name}`,
    test: `member('${name}')`,
    "option-data": [options[name]],
  });
  const none = {
    name: "none",
    test: "not member('global') and not member('own')",
    "option-data": [options.none],
  };
  return {
    title: `networks: ${title}`,
    config: {
      "reservations-global": true,
      "reservations-in-subnet": true,
      ...more,
      "client-classes": [{ name: "global" }, { name: "own" }, given("global"), given("own"), none],
      reservations: [...hosts([1, 2, 3, 4, 7], { "client-classes": ["global"] }), ...hosts([8])],
      "shared-networks": [
        {
          name: "floor",
          interface: "eth0",
          [subnets]: [
            { id: 1, ...family.first, reservations: hosts([1, 5, 7, 8], OWN), ...first },
            {
              id: 2,
              ...family.second,
              reservations: [
                ...hosts([2, 7], OWN),
                ...[3, 6].flatMap((each) => hosts([each], { ...OWN, ...place(each) })),
              ],
              ...second,
            },
          ],
        },
      ],
    },
    exchanges: [
      family.bind("global, and in the first", 1, true),
      family.bind("global, and in the second", 2, true),
      family.bind("global, and in the second with an address", 3, false),
      family.bind("global only", 4, true),
      family.bind("in the first only", 5, true),
      family.bind("in the second only, with an address", 6, false),
      family.bind("global, and in both", 7, true),
      family.bind("global without classes, and in the first", 8, true),
      family.bind("in none", 9, true),
    ],
  };
}

export function reservedScenes<S extends Speech>(family: Reserved<S>): readonly Scene<S>[] {
  const notGlobal = { "reservations-global": false };
  const early = { "early-global-reservations-lookup": true };
  return [
    reserved(family, "reservations, global and of the subnets", {}),
    reserved(family, "reservations, global for the second subnet only", {}, notGlobal),
    reserved(family, "reservations, global for the first subnet only", {}, {}, notGlobal),
    reserved(family, "reservations, global ones early", early),
    reserved(family, "reservations, global ones early only", { ...early, ...notGlobal }),
  ];
}
