/** What an extension of dhcp4d and dhcp6d is: the types of all that it may contribute, and one function that knows them. */
import type { ZodObject, ZodType, z } from "zod";
import type { Answer, Event, Exchange, Lease, Query } from "./exchange.ts";
import type { ParameterTools } from "./parameter-tools.ts";

export type * from "./exchange.ts";
export type * from "./parameter-tools.ts";

type Awaitable<T> = T | Promise<T>;

/** What an extension says of who sent a message. */
export interface Identity {
  /** Classes that the client is in: tests of other classes may ask for them. */
  readonly classes?: readonly string[];
  /** What reservations call `flex-id`. */
  readonly flexId?: Uint8Array;
  /** What counts as option 61, or as DUID, for leases and reservations. The client gets back what it has sent itself. */
  readonly clientId?: Uint8Array;
  /** DHCPv4: a message without a type, of a BOOTP client, is served: as a REQUEST, for ever, and without options of DHCP. */
  readonly servesBootp?: boolean;
  /** It may ask for leases (RFC 4388, RFC 5007): a DHCPLEASEQUERY or LEASEQUERY of others gets no answer. */
  readonly mayQueryLeases?: boolean;
  /** DHCPv6: an association that is the only one of its kind in a message is the same whatever its number: leases have 0. */
  readonly ignoresIaid?: boolean;
  /**
   * What is reserved for the client: addresses, in DHCPv6 also prefixes as `2001:db8::/56`. An address counts in the subnet
   * that it is in. A reservation that the server knows itself comes first.
   */
  readonly reserved?: readonly string[];
  /** What the client's subnet has to be fit for: where it is not, another one is selected that is, or none. */
  readonly subnetFor?: SubnetNeeds;
  /** The message is for somebody else and gets no answer here, and why. */
  readonly drop?: string;
}

export interface SubnetNeeds {
  /** It has a pool of addresses for clients in that class. Another one is selected among those where the client may be. */
  readonly poolClass?: string;
  /** It contains the address. Another one may be anywhere. It does not count where the subnet is another one for the class. */
  readonly address?: string;
}

/** A change of the options of a reply; `data` is what is behind the option's header. */
export type OptionEdit =
  /** Unless the reply has one. */
  | { readonly kind: "add"; readonly code: number; readonly data: Uint8Array }
  /** In place of what the reply has. */
  | { readonly kind: "supersede"; readonly code: number; readonly data: Uint8Array }
  | { readonly kind: "remove"; readonly code: number };

/** What an extension wants to be different in what the client gets: its leases and its reply have the same. */
export interface Terms {
  /** What it is called. It is told so where it is told a name at all; of names that end in a dot the rest is complete. */
  readonly hostname?: string;
  /** `false` keeps its name out of the DNS. */
  readonly updatesDns?: boolean;
  /** For how long it gets what it gets, in seconds; 0xffffffff for ever. */
  readonly lifetime?: number;
  /** JSON that its leases keep in maps of their `user-context`: what else is in these, and other maps, stay. Kea's is `ISC`. */
  readonly userContext?: LeaseContext;
}

export interface LeaseContext {
  readonly [map: string]: Readonly<Record<string, unknown>>;
}

/** What an extension wants to be different in a reply. */
export interface Edits extends Terms {
  /** In the order in which they are to be made. */
  readonly options?: readonly OptionEdit[];
  /** The client gets no answer at all, and why. */
  readonly drop?: string;
  /** DHCPv4: somebody else has the address that an OFFER has. It is declined, and the client gets no answer. */
  readonly inUse?: boolean;
}

/** What is not known by its type alone is `unknown` JSON. */
export interface CommandAnswer {
  /** Kea's numbers: 0 is success, 1 an error, 3 nothing found, 4 a conflict, 1001 that a pair's state forbids it. */
  readonly result: 0 | 1 | 3 | 4 | 1001;
  readonly text?: string;
  /** JSON. */
  readonly arguments?: unknown;
}

/** A command for the control channels. One that the daemon has itself is not replaced. */
export interface Command {
  readonly name: string;
  /** Whether it changes anything: who may only read may not use it then. */
  readonly access: "read" | "write";
  /** Of its map of arguments; without it, there are none. */
  readonly arguments?: ZodObject;
  /** Milliseconds that it may take, and is an error after; 10 seconds unless given. Who asks may have less patience. */
  readonly longest?: number;
  /** @param args as the schema has made them */
  run(args: never): Awaitable<CommandAnswer>;
}

/**
 * What the extension's own `facts` say about a key; `undefined` for nothing. It is also `undefined` while that is not known
 * yet: then what the function returns counts for nothing, and it is called again when it is.
 */
export type Ask<Fact> = (key: string) => Fact | undefined;

/** Where an extension gets from what a packet does not tell. */
export interface FactSource<Fact> {
  /** @param keys all that packets of a batch ask about, each once @returns what there is; of other keys there is nothing */
  load(keys: readonly string[]): Awaitable<ReadonlyMap<string, Fact>>;
  /**
   * Whether it takes longer than packets of other clients should wait, which is some milliseconds: then each packet that
   * asks waits for itself. Without an answer after 10 seconds (one second where it is not slow) the packet is dropped.
   */
  readonly isSlow?: boolean;
}

export interface Listener {
  readonly address: string;
  readonly port: number;
  /** Who has to log in; absent: nobody has to. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Paths; without them there is no TLS. A changed file counts for new connections, without a reload. */
  readonly tls?: {
    readonly trustAnchor: string;
    readonly certificate: string;
    readonly key: string;
    /** Whether clients need a certificate of the trust anchor. */
    readonly isCertRequired: boolean;
  };
  /** Names of the commands that it takes, and no others; absent: all, which needs a login. */
  readonly commands?: readonly string[];
}

/**
 * So many leases may be in use at a time. A client that would have one too many is refused it; who has one keeps it. Leases
 * whose time is over count until they are reclaimed.
 */
export interface LeaseLimit {
  /** Of clients in the class of that name, or in the subnet of that number. Classes that are only additional do not count. */
  readonly of: string | number;
  /** In DHCPv4 there are addresses only. */
  readonly kind: "address" | "prefix";
  readonly most: number;
}

export type Keeper = "this" | "other" | "unknown";

/** What an extension does, all of it optional. What is absent costs nothing. */
export interface Contributions<Fact = unknown> {
  /**
   * Says who a client is, before its subnet and its reservations are looked for. Must be pure: it may be asked again.
   * @param before what the extensions before this one have said
   */
  identify?(query: Query, ask: Ask<Fact>, before: Identity): Identity | undefined;
  /**
   * Whether no message of a type is for this server now, whoever sends it: `identify` would drop each one. One that is whole is
   * counted so, and not looked at any further where nobody wants lines about it. Must be pure, and answer at once.
   */
  turnsAway?(type: string): boolean;
  /**
   * Whether a message is served, when its classes and its subnet are known and nothing is decided about it. Must be pure: it may
   * be asked again.
   * @returns why not; `undefined` for yes
   */
  admit?(query: Query, ask: Ask<Fact>): string | undefined;
  /**
   * Where other servers have the same leases: which of them looks after one, ends it when its time is over, and tells the DNS.
   * One of another server ends here without a word, and one of which it is not known whose it is stays as it is. Must answer at
   * once.
   */
  keeperOf?(lease: Lease): Keeper;
  /**
   * Another server has this one switch its service off, for so many seconds at most, or on again. Must answer at once.
   * @returns whether the extension sees to that itself, because only a part of the service is meant
   */
  onPartnerSwitch?(isOn: boolean, seconds?: number): boolean;
  /** Where several say something of the same leases, all of it counts. */
  readonly leaseLimits?: readonly LeaseLimit[];
  /** Changes a reply, when it is decided what the client gets. Must be pure: it may be asked again. */
  shape?(query: Query, answer: Answer, ask: Ask<Fact>): Edits | undefined;
  /**
   * Keeps what a batch of packets changes, or has somebody else keep it: their answers wait until it is safe there, too, and
   * nothing else waits. It is called beside the store's own commit, for batches in their order, without waiting for the one
   * before, and only for packets that change or rely on leases. What the store has made durable stays, whatever this says: the
   * client gets no answer, and asks again. Without a result after 10 seconds, or if it rejects, no packet of the batch gets an
   * answer; nor where 256 newer batches wait.
   * @param exchanges theirs; until the result is there, or they are given up: who looks at what has not been looked at then
   * meets an error
   * @param stored resolves with those whose changes the store has made durable; of the others nothing comes
   * @returns those that are not safe, and why; nothing if all are
   */
  commit?(
    exchanges: readonly Exchange[],
    stored: Promise<readonly Exchange[]>,
  ): Awaitable<ReadonlyMap<Exchange, string> | undefined>;
  /** `commit` waits for another host: first messages, which change nothing, are then in no batch with others. */
  readonly commitsElsewhere?: boolean;
  /**
   * Is told what has come about, when it is durable and the replies have left, and never waited for: while one call is not done,
   * events gather for the next one. They are the extension's to keep.
   */
  observe?(events: readonly Event[]): Awaitable<void>;
  /** Of which kinds of events `observe` is to be told; of all unless given. */
  readonly observed?: readonly Event["kind"][];
  /** Whether `observe` wants to know how long exchanges take. */
  readonly timesPackets?: boolean;
  readonly commands?: readonly Command[];
  /** Where the daemon takes commands beside its control sockets, over HTTP, while the extension is in force. */
  readonly listeners?: readonly Listener[];
  /** What `status-get` says of it: JSON, beside what the daemon says. Must answer at once. */
  status?(): Readonly<Record<string, unknown>>;
  /** What Prometheus is told of it, beside what the daemon tells. Must answer at once. */
  metrics?(): readonly ExtensionMetric[];
  /** What `identify`, `admit` and `shape` may ask for. */
  readonly facts?: FactSource<Fact>;
  /**
   * In place of `facts`, for what is there at once and of which each packet gets one: called once for each packet and key, it may
   * count.
   */
  draw?(key: string): Fact;
  /**
   * A configuration has been taken into force that says the same to the extension. It goes on, and reads the files anew that it
   * has read at its start. Without this function it is stopped then, and another one is started.
   */
  reload?(): Awaitable<void>;
  /** Another configuration is in force, in which the extension goes on or begins: there may be other subnets. Must answer at once. */
  configured?(): void;
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

/** What the log has under an id of its own, which those who watch it know. */
export interface ExtensionMessage {
  readonly severity: "error" | "warn" | "info" | "debug";
  /** Of `debug`: loggers with this `debuglevel` and above say it; 40 unless given. */
  readonly debugLevel?: number;
  /** With placeholders, as `{name}`. */
  readonly text: string;
  /** For the operator: what has happened, and what to do. */
  readonly doc: string;
}

export type MessageValues = Readonly<Record<string, string | number>>;

/** What Prometheus is told. */
export interface ExtensionMetric {
  readonly type: "counter" | "gauge";
  readonly name: string;
  readonly help: string;
  /** With the labels that tell one from the other. */
  readonly samples: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[];
}

/** What `user-context` says to an extension, where it says something. */
export interface Contexts<Context> {
  /** By the numbers of the subnets. */
  readonly subnets: ReadonlyMap<number, Context>;
  /** What shared networks say, by the numbers of the subnets in them. */
  readonly networks: ReadonlyMap<number, Context>;
  /** By the names of the classes. */
  readonly classes: ReadonlyMap<string, Context>;
}

/** What an extension finds when it is started. */
export interface Surroundings<Parameters, Context = unknown> {
  readonly parameters: Parameters;
  readonly contexts: Contexts<Context>;
  readonly family: 4 | 6;
  readonly log: ExtensionLog;
  /** What relative paths mean, of data, of scripts that are called, and of the forensic log: Kea's directories, unless moved. */
  readonly directories: { readonly data: string; readonly scripts: string; readonly legalLog: string };
  /** The time that leases live by: Unix time in seconds, and milliseconds of a clock that no one sets. */
  readonly clock: { wall(): number; monotonic(): number };
  /** Calls a function once, later. The timer does not keep the daemon from ending. */
  after(milliseconds: number, run: () => void): { stop(): void };
  /** Gives the daemon a command, as who controls it does. Rejects while the daemon starts. @param args JSON */
  command(name: string, args?: object): Promise<CommandAnswer>;
  /** Says one of the extension's `messages` in the log. @param values of all its placeholders; a function is called where it is said */
  tell(id: string, values: MessageValues | (() => MessageValues)): void;
  /** Says in a few words how it is, for whoever asks the service manager; the last words count. */
  announce(words: string): void;
  /** Tells the value of a statistic of the extension's own, which is listed with the daemon's. */
  report(name: string, value: number): void;
  /** The daemon's own zod, for arguments of commands. */
  readonly z: typeof z;
}

export interface Extension<Parameters = unknown, Fact = unknown, Context = unknown> {
  /** Lower case, with hyphens: the log and drop reasons name it so. */
  readonly name: string;
  /** The only family that it is for; both where it is absent. */
  readonly family?: 4 | 6;
  /** The child logger that has its messages, as Kea calls it: `ha-hooks`. `hooks` unless given. */
  readonly logger?: string;
  /** By their ids. */
  readonly messages?: Readonly<Record<string, ExtensionMessage>>;
  /**
   * Of its map of parameters. They are checked with the rest of the configuration. Without it, there are none.
   * Unknown keys are an error where it is a `z.strictObject`, and are dropped with a warning where it is a `z.object`.
   */
  parameters?(tools: ParameterTools): ZodType<Parameters>;
  /**
   * Of the maps `user-context` where it reads them. They are the operator's own: what stands in them beside must be allowed,
   * as `z.looseObject` does.
   */
  contexts?(tools: ParameterTools): { readonly [scope in keyof Contexts<Context>]?: ZodType<Context> };
  /** Called once for each configuration, beside service. If it throws or rejects, the configuration is refused. */
  start(surroundings: Surroundings<Parameters, Context>): Awaitable<Contributions<Fact>>;
}

/** For the default export of a module: the same extension, with the types of its parts known. */
export declare function defineExtension<Parameters, Fact, Context>(
  extension: Extension<Parameters, Fact, Context>,
): Extension<Parameters, Fact, Context>;
