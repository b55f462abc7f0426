/** What `libdhcp_radius.so` is configured with. */
import type { Expression, ParameterTools } from "@kotare/extension";
import { parseHex } from "../../base/hex.ts";
import { RadiusDictionary } from "./radius-dictionary.ts";
import { LONGEST_VALUE } from "./radius-packet.ts";
import { encodeValue } from "./radius-value.ts";

/** An attribute that every request has. @property value for a query; empty for no attribute */
export interface OwnAttribute {
  readonly type: number;
  readonly value: Expression;
}

/** More is taken, as in Kea, and counts as that: reports for a server that is dead must not gather for ever. Seconds. */
const LONGEST_TIMEOUT = 600;
const MOST_RETRIES = 100;

export const IDENTIFIER_TYPES = ["hw-address", "duid", "circuit-id", "client-id", "flex-id"] as const;

export function radiusParameters({ z, expression, subnets }: ParameterTools) {
  const port = z.int().min(0).max(65535);
  const uint32 = z.int().min(0).max(0xffff_ffff);
  // Kea keeps 32 bits of whatever number it is.
  const wrapped = z.int().transform((number) => number >>> 0);
  const off = z.boolean().default(false);
  const server = (usual: number) =>
    z.object({
      name: z.string().min(1).describe("Address or name; a name is looked up when the configuration is loaded."),
      port: port.default(usual),
      secret: z.string().min(1),
    });
  const attribute = z.object({
    name: z.string().optional(),
    type: z.int().min(1).max(255).optional(),
    data: z.string().optional().describe("The value as a text."),
    raw: z.string().optional().describe("The value in hexadecimal."),
    expr: expression.optional().describe("An expression that gives the value's bytes for a query."),
  });
  const nasPort = z.object({
    port: wrapped,
    "subnet-id": wrapped.optional(),
    "subnet-prefix": z.string().optional().describe("The subnet as it is configured."),
    "shared-network-name": z.string().optional().describe("For all subnets of the network."),
  });
  const keys = z.strictObject({
    dictionary: z.string().optional().describe("A file with further names of attributes and values."),
    bindaddr: z.string().default("*").describe("The address that requests are sent from; `*` leaves it to the system."),
    "canonical-mac-address": off.describe("Whether MAC addresses have hyphens."),
    "client-id-pop0": off.describe(
      "Whether the zeros are left out that flex_id puts before a client identifier or DUID.",
    ),
    "client-id-printable": off.describe("Whether an identifier that is a text is sent as it is."),
    "extract-duid": z.boolean().default(true).describe("Whether of a client identifier of RFC 4361 the DUID is sent."),
    "identifier-type4": z.enum(IDENTIFIER_TYPES).default("client-id"),
    "identifier-type6": z.enum(IDENTIFIER_TYPES).default("duid"),
    "nas-ports": z.array(nasPort).default([]),
    realm: z.unknown().optional().describe("A text that follows a user name without a realm of its own, behind `@`."),
    "reselect-subnet-address": off.describe(
      "Whether a client's subnet is another one where an address is given outside of it.",
    ),
    "reselect-subnet-pool": off.describe(
      "Whether a client's subnet is another one where it has no pool for Framed-Pool.",
    ),
    retries: uint32
      .default(3)
      .describe(`How often a request is sent again to the same server; ${MOST_RETRIES} at most.`),
    timeout: z.int().min(0).default(10).describe(`Seconds until then: 1 at least, ${LONGEST_TIMEOUT} at most.`),
    deadtime: uint32.default(0).describe("Seconds for which a server that is silent comes last."),
    "session-history": z.string().default("").describe("A file that keeps when sessions have begun; empty for none."),
    "thread-pool-size": z.int().min(0).default(0).describe("Has no effect."),
    "use-message-authenticator": z
      .boolean()
      .default(true)
      .describe("Whether requests of the access service, and answers to them, must have a Message-Authenticator."),
    access: z
      .strictObject({
        servers: z.array(server(1812)).default([]),
        attributes: z.array(attribute).default([]),
        "max-pending-requests": z.int().min(0).default(0).describe("Has no effect: parked-packet-limit limits them."),
      })
      .default({ servers: [], attributes: [], "max-pending-requests": 0 }),
    accounting: z
      .strictObject({
        servers: z.array(server(1813)).default([]),
        "peer-updates": z
          .boolean()
          .default(true)
          .describe("Whether leases that another server of a pair has given are reported, too."),
      })
      .default({ servers: [], "peer-updates": true }),
  });
  return keys.transform((parameters, context) => {
    const fault = (message: string, ...path: (string | number)[]) =>
      void context.issues.push({ code: "custom", message, path, input: parameters });
    const dictionary = new RadiusDictionary();
    try {
      if (parameters.dictionary !== undefined) dictionary.readFile(parameters.dictionary);
    } catch (error) {
      fault(`cannot be used: ${(error as Error).message}`, "dictionary");
    }
    const attributes = parameters.access.attributes.flatMap((given, i): OwnAttribute[] => {
      const made = ownAttribute(given, dictionary);
      if (typeof made !== "string") return [made];
      fault(made, "access", "attributes", i);
      return [];
    });
    const ports = new Map<number, number>();
    for (const [i, { port, ...selector }] of parameters["nas-ports"].entries()) {
      const selected = selectSubnets(selector, subnets);
      if (typeof selected === "string") fault("names nothing that is configured", "nas-ports", i, selected);
      else for (const id of selected) ports.set(id, port);
    }
    const { realm, access, timeout, retries } = parameters;
    return {
      ...parameters,
      ...{ realm: typeof realm === "string" ? realm : "", "nas-ports": ports, access: { ...access, attributes } },
      timeout: Math.min(Math.max(timeout, 1), LONGEST_TIMEOUT),
      retries: Math.min(retries, MOST_RETRIES),
      warnings: [...oddIn(parameters)],
    };
  });
}

export type RadiusParameters = ReturnType<ReturnType<typeof radiusParameters>["parse"]>;

interface Timing {
  readonly realm?: unknown;
  readonly timeout: number;
  readonly retries: number;
  readonly access: { readonly servers: readonly { readonly name: string; readonly port: number }[] };
  readonly accounting: Timing["access"];
}

/** What makes no sense, and is taken because Kea takes it. */
function* oddIn({ realm, timeout, retries, access, accounting }: Timing): Generator<string> {
  if (realm !== undefined && typeof realm !== "string") yield "realm is no text, and has no effect";
  if (timeout < 1) yield "timeout 0 leaves a server no time to answer: it counts as 1";
  if (timeout > LONGEST_TIMEOUT) yield `timeout ${timeout} counts as ${LONGEST_TIMEOUT}`;
  if (retries > MOST_RETRIES) yield `retries ${retries} count as ${MOST_RETRIES}`;
  for (const { name, port } of [...access.servers, ...accounting.servers]) {
    if (port === 0) yield `server ${name} has port 0, where nobody can be asked`;
  }
}

interface Selector {
  readonly "subnet-id"?: number | undefined;
  readonly "subnet-prefix"?: string | undefined;
  readonly "shared-network-name"?: string | undefined;
}

/** In Kea's order, of several. @returns the numbers of the subnets, 0 for all others; or the key that selects none */
function selectSubnets(selector: Selector, subnets: ParameterTools["subnets"]): readonly number[] | keyof Selector {
  const { "subnet-id": id, "subnet-prefix": prefix, "shared-network-name": name } = selector;
  if (id !== undefined) return [id];
  if (prefix === undefined && name === undefined) return [0];
  const found = [...subnets()].filter(({ subnet, network }) =>
    prefix === undefined ? network === name : subnet === prefix,
  );
  if (found.length === 0) return prefix === undefined ? "shared-network-name" : "subnet-prefix";
  return found.map((each) => each.id);
}

interface GivenAttribute {
  readonly name?: string | undefined;
  readonly type?: number | undefined;
  readonly data?: string | undefined;
  readonly raw?: string | undefined;
  readonly expr?: Expression | undefined;
}

/** @returns what is wrong with it, in words */
function ownAttribute(given: GivenAttribute, dictionary: RadiusDictionary): OwnAttribute | string {
  const { name, type, data, raw, expr } = given;
  const entry = dictionary.find({ name, type });
  if (entry === undefined) return "names no attribute: check name and type, or add it to a dictionary";
  if (type !== undefined && type !== entry.type) return `has type ${type}, and ${entry.name} is ${entry.type}`;
  if ([data, raw, expr].filter((value) => value !== undefined).length !== 1) return "needs one of data, raw and expr";
  if (expr !== undefined) return { type: entry.type, value: (query) => expr(query).subarray(0, LONGEST_VALUE) };
  const bytes = data !== undefined ? encodeValue(data, entry) : parseHex(raw!);
  if (bytes === undefined || bytes.length === 0 || bytes.length > LONGEST_VALUE) {
    return `has no value that ${entry.name} may have, which is of type ${entry.form}`;
  }
  return { type: entry.type, value: () => bytes };
}
