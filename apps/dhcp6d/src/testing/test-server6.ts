/** The decision path of dhcp6d for tests: real configuration, real lease file on a disk in memory, no sockets. */
import { ManualClock } from "@kotare/core/base/clock";
import { parseHex } from "@kotare/core/base/hex";
import { dhcp6Family } from "@kotare/core/config/dhcp6-family";
import { formatFault } from "@kotare/core/config/fault";
import { parseConfig } from "@kotare/core/config/load-config";
import type { IdentityAssociation } from "@kotare/core/dhcp6/identity-association";
import { nameMessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { decodePdExclude } from "@kotare/core/dhcp6/pd-exclude";
import { StatusCode6 } from "@kotare/core/dhcp6/status-code6";
import { formatIpv6Key, parseIpv6Key } from "@kotare/core/ip/ipv6-key";
import { CrashDisk } from "@kotare/core/leases/crash-disk";
import { LeaseState } from "@kotare/core/leases/lease";
import { type Lease6, LeaseType6 } from "@kotare/core/leases/lease6";
import { Memfile6 } from "@kotare/core/leases/memfile6";
import { RecordingLogger } from "@kotare/core/log/recording-logger";
import { Statistics } from "@kotare/core/stats/statistics";
import { statistics6 } from "@kotare/core/stats/statistics6";
import { compileSubnets6 } from "@kotare/core/subnets/compile-subnets6";
import { messageRules } from "../handlers/message-rules.ts";
import { placeQuery6 } from "../place6.ts";
import type { Ingress6 } from "../query6.ts";
import { encodeReply6, REPLY_LIMIT } from "../reply-encoder6.ts";
import { Reporter6 } from "../reporter6.ts";
import { type Service6, settingsOf6 } from "../service6.ts";

/** The map inside `Dhcp6`, in Kea's grammar; it goes through the real loader as JSON text. */
type Dhcp6Text = Readonly<Record<string, unknown>>;

/** A reply as text; associations as `na 1 T1 T2 2001:db8::1 preferred/valid …`, or with the status they have. */
export interface TestReply6 {
  readonly type: string;
  readonly message: Message6;
  readonly ias: readonly string[];
  /** Name of the code in option 13 of the message itself. */
  readonly status: string | undefined;
}

/** What a test says about a packet beside its bytes. */
export type IngressChange = Partial<Omit<Ingress6, "interface">> & { readonly interfaceName?: string };

export const ip6 = (text: string) => parseIpv6Key(text)!;
export const SERVER_DUID = parseHex("00:03:00:01:02:00:00:00:00:fe")!;
const LEASE_FILE = "/leases/kea-leases6.csv";
const PORTS = { server: 547, client: 546 };

export class TestServer6 {
  readonly clock: ManualClock;
  readonly log = new RecordingLogger();
  readonly statistics: Statistics<typeof statistics6>;
  /** Reasons of the messages dropped so far. */
  readonly drops: string[] = [];
  /** In [0, 1): where the `random` allocator begins. */
  random = 0;
  readonly #store: Memfile6;
  readonly #disk: CrashDisk;
  readonly #reporter: Reporter6;
  #service: Service6;

  private constructor(config: Dhcp6Text, store: Memfile6, disk: CrashDisk, clock: ManualClock) {
    this.clock = clock;
    this.statistics = new Statistics(statistics6, clock.wall());
    this.#store = store;
    this.#disk = disk;
    this.#reporter = new Reporter6(this.log, this.statistics, PORTS, () => clock.wall());
    this.#service = this.#compile(config);
  }

  static async start(config: Dhcp6Text): Promise<TestServer6> {
    const clock = new ManualClock();
    const disk = new CrashDisk();
    const store = await Memfile6.open({
      path: LEASE_FILE,
      lfcInterval: 0,
      maxRowErrors: 0,
      subnetCheck: { mode: "none", subnetIdOf: () => undefined },
      clock,
      report: () => {},
      disk,
    });
    return new TestServer6(config, store, disk, clock);
  }

  #compile(inside: Dhcp6Text): Service6 {
    const text = JSON.stringify({ Dhcp6: { "interfaces-config": { interfaces: ["*"] }, ...inside } });
    const reader = {
      read: (path: string): string => {
        throw new Error(`${path} is not there`);
      },
    };
    const loaded = parseConfig(dhcp6Family, { file: "test.conf", text }, reader);
    if (loaded.kind === "refused") throw new Error(loaded.faults.map(formatFault).join("\n"));
    const { config } = loaded;
    const steps = compileSubnets6(config, this.#store);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    return { config, scope: step.value, settings: settingsOf6(config), serverDuid: SERVER_DUID };
  }

  /** As SIGHUP does. */
  reconfigure(config: Dhcp6Text): void {
    this.#service = this.#compile(config);
  }

  /** @returns `undefined` for a message that gets no answer; the reason is then the last of `drops` */
  async serve(packet: Uint8Array, change: IngressChange = {}): Promise<TestReply6 | undefined> {
    const { interfaceName = "eth0", ...rest } = change;
    const ingress: Ingress6 = {
      interface: { index: 1, name: interfaceName, mtu: 1500, addresses: [ip6("fe80::1"), ip6("2001:db8::1")] },
      source: ip6("fe80::2"),
      sourcePort: PORTS.client,
      destination: ip6("ff02::1:2"),
      sourceMac: undefined,
      ...rest,
    };
    this.#reporter.beginBatch();
    const message = new Message6(packet);
    this.#reporter.received(message, ingress);
    const batch = this.#store.begin();
    const query = placeQuery6(message, ingress, this.#service);
    const facts = {
      view: batch,
      now: this.clock.wall(),
      random: this.random,
      declineProbation: this.#service.settings.declineProbation,
    };
    const outcome = "kind" in query ? query : messageRules.get(message.type)!.handle(query, facts);
    if ("kind" in query || outcome.kind === "drop") {
      if (outcome.kind !== "drop") throw new Error("a message that was not placed has been handled");
      this.#reporter.dropped(message, ingress, outcome);
      this.drops.push(outcome.reason);
      return undefined;
    }
    for (const { type, address } of outcome.changes.remove) batch.remove(type, address);
    for (const lease of outcome.changes.put) batch.put(lease);
    const result = await batch.commit();
    if (result.kind === "failed") throw result.error;
    const buffer = new Uint8Array(REPLY_LIMIT);
    const length = encodeReply6(query, outcome, this.#service, buffer, 0, REPLY_LIMIT);
    if (length === undefined) throw new Error("the reply does not fit");
    this.#reporter.answered(query, outcome, undefined);
    return readReply(buffer.subarray(0, length));
  }

  lease(type: "address" | "prefix", address: string): Lease6 | undefined {
    return this.#store.begin().byAddress(LeaseType6[type], ip6(address));
  }

  /** What is held, without offers: `2001:db8::1/128 iaid 1 assigned`. */
  leases(): string[] {
    return [LeaseType6.address, LeaseType6.prefix].flatMap((type) =>
      this.#store.page(type, undefined, 1000).map(({ address, prefixLength, iaid, state }) => {
        return `${formatIpv6Key(address)}/${prefixLength} iaid ${iaid} ${nameOf(LeaseState, state)}`;
      }),
    );
  }

  fileText(): string {
    return Buffer.from(this.#disk.image.get(LEASE_FILE) ?? []).toString("latin1");
  }
}

function readReply(bytes: Uint8Array): TestReply6 {
  const message = new Message6(bytes);
  return {
    type: nameMessageType6(message.type),
    message,
    ias: message.ias.map(formatIa),
    status: message.status && nameOf(StatusCode6, message.status.code),
  };
}

function formatIa({ code, iaid, t1, t2, leases, status }: IdentityAssociation): string {
  const texts = leases.map((lease) => {
    const { address, length, preferred, valid, exclude } = lease;
    const where = code === Option6.iaNa ? formatIpv6Key(address) : `${formatIpv6Key(address)}/${length}`;
    const without = exclude && decodePdExclude(exclude, lease);
    const except = without === undefined ? "" : ` without ${formatIpv6Key(without.address)}/${without.length}`;
    return `${where} ${preferred}/${valid}${except}`;
  });
  const name = status === undefined ? [] : [nameOf(StatusCode6, status.code)];
  return [code === Option6.iaNa ? "na" : "pd", iaid, t1, t2, ...texts, ...name].join(" ");
}

function nameOf(table: Readonly<Record<string, number>>, value: number): string {
  return Object.entries(table).find(([, known]) => known === value)![0];
}
