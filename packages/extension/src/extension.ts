/** What an extension of dhcp4d and dhcp6d is: the types of all that it may contribute, and one function that knows them. */
import type { ZodType, z } from "zod";

type Awaitable<T> = T | Promise<T>;

/**
 * A message as a client or a relay sent it. Bytes are views of the packet, whose memory is used again: copy what you keep.
 */
export interface Query {
  readonly family: 4 | 6;
  /** As the RFC has it: `DHCPDISCOVER`, `SOLICIT`. */
  readonly type: string;
  /** The name of the interface that it came in on. */
  readonly interface: string;
  /** The client's hardware address as `1a:1b:1c:1d:1e:1f`; empty where it is not known. */
  readonly mac: string;
  /** Option 61, or the DUID; `undefined` where there is none. */
  readonly clientId: Uint8Array | undefined;
  /** The classes that it is in so far: none while clients are identified. */
  readonly classes: ReadonlySet<string>;
  /** The first option with that code, without its header. */
  option(code: number): Uint8Array | undefined;
}

/** What an extension says of who sent a message. */
export interface Identity {
  /** Classes that the client is in: tests of other classes may ask for them. */
  readonly classes?: readonly string[];
}

/** What an extension does, all of it optional. What is absent costs nothing. */
export interface Contributions {
  /** Says who a client is, before its subnet and its reservations are looked for. Must be pure: it may be asked again. */
  identify?(query: Query): Identity | undefined;
  /** Ends what `start` began. The next configuration's extension has been started by then. */
  stop?(): Awaitable<void>;
}

/** What it says goes into the daemon's log, with the extension's name. */
export interface ExtensionLog {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

/** What an extension finds when it is started. */
export interface Surroundings<Parameters> {
  readonly parameters: Parameters;
  readonly family: 4 | 6;
  readonly log: ExtensionLog;
}

/** What parameters are described with. */
export interface ParameterTools {
  /** The daemon's own zod. */
  readonly z: typeof z;
}

export interface Extension<Parameters = unknown> {
  /** Lower case, with hyphens: the log and drop reasons name it so. */
  readonly name: string;
  /** Of its map of parameters. They are checked with the rest of the configuration. Without it, there are none. */
  parameters?(tools: ParameterTools): ZodType<Parameters>;
  /** Called once for each configuration, beside service. If it throws or rejects, the configuration is refused. */
  start(surroundings: Surroundings<Parameters>): Awaitable<Contributions>;
}

/** For the default export of a module: the same extension, with the types of its parts known. */
export declare function defineExtension<Parameters>(extension: Extension<Parameters>): Extension<Parameters>;
