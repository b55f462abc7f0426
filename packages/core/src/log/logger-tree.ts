/** The logger of a daemon: Kea's tree of loggers, their levels and where their lines go. */
import { sendUnixDatagram } from "@kotare/netio/unix-datagram";
import { TextWriter } from "../ip/text-writer.ts";
import type { Arguments, Message, MessageHead, Values } from "./catalogue.ts";
import { DescriptorDestination } from "./descriptor-destination.ts";
import type { Destination } from "./destination.ts";
import { FileDestination } from "./file-destination.ts";
import { isJournal } from "./journal-stream.ts";
import { DEFAULT_PATTERN, DEFAULT_SYSLOG_PATTERN, Layout } from "./layout.ts";
import { type LoggerName, loggerNames, rankOf } from "./levels.ts";
import type { Logger } from "./logger.ts";
import { type LoggerConfig, type OutputConfig, outputTo, resolveOutput } from "./logger-config.ts";
import { logMessages } from "./messages.ts";
import { Sink } from "./sink.ts";
import { SyslogDestination, syslogFacility, syslogLayout, syslogPriority } from "./syslog-destination.ts";

/** How long lines gather before they are written together: with few lines, handing them over costs more than making them. */
const GATHER_MS = 20;

interface Output {
  readonly sink: Sink;
  readonly layout: Layout;
}

export interface LoggerTreeOptions {
  /** Name of the root logger, e.g. `kea-dhcp4`. */
  readonly program: string;
  /** Where relative files go. */
  readonly logDirectory: string;
  /** Used until a configuration names outputs: `KEA_LOGGER_DESTINATION`, or stdout. */
  readonly destination?: string;
  /** `-d`: everything at debug level 99, whatever the configuration says. */
  readonly verbose?: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly now?: () => number;
  /** Whether a descriptor is the journal's. */
  readonly isJournal?: (fd: number) => boolean;
  /** How syslog is reached. */
  readonly sendDatagram?: (path: string, bytes: Uint8Array) => void;
}

export class LoggerTree implements Logger {
  readonly #options: LoggerTreeOptions;
  readonly #now: () => number;
  /** By logger slot. */
  readonly #thresholds: number[] = loggerNames.map(() => 0);
  readonly #outputs: (readonly Output[])[] = loggerNames.map(() => []);
  /** By destination. */
  #sinks = new Map<string, Sink>();
  /** No longer wanted, but with lines that are not written yet. */
  readonly #closing = new Set<Sink>();
  #armed = false;

  constructor(options: LoggerTreeOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.configure([]);
  }

  isEnabled(message: MessageHead): boolean {
    return message.rank <= this.#thresholds[message.slot]!;
  }

  log(message: Message<Arguments>, values?: Values): void {
    if (message.rank > this.#thresholds[message.slot]!) return;
    const now = this.#now();
    for (const { sink, layout } of this.#outputs[message.slot]!) {
      const line = sink.begin();
      if (line === undefined) continue;
      layout.write(line, now, message, values);
      sink.end();
    }
    this.#arm();
  }

  /**
   * Takes the `loggers` of a new configuration. No line is lost: destinations that stay keep their buffer, others are
   * written out before they are closed. Files that stay are opened anew, so that a tool may have moved them away.
   * @returns names that are no logger of ours: their settings have no effect
   */
  configure(loggers: readonly LoggerConfig[]): readonly string[] {
    const unused = this.#sinks;
    this.#sinks = new Map();
    const byName = new Map(loggers.map((logger) => [logger.name, logger]));
    const root = byName.get(this.#options.program);
    const rootOutputs = this.#openOutputs(root, unused) ?? this.#open([outputTo(this.#firstDestination())], unused);
    for (const [slot, name] of loggerNames.entries()) {
      const own = byName.get(this.#fullName(name));
      const levels = own ?? root ?? { severity: "INFO", debuglevel: 0 };
      this.#thresholds[slot] = this.#options.verbose ? rankOf("DEBUG", 99) : rankOf(levels.severity, levels.debuglevel);
      this.#outputs[slot] = (name === "" ? undefined : this.#openOutputs(own, unused)) ?? rootOutputs;
    }
    this.reopen();
    for (const sink of unused.values()) this.#close(sink);
    const known = new Set(loggerNames.map((name) => this.#fullName(name)));
    return [...byName.keys()].filter((name) => !known.has(name));
  }

  /** Files that somebody may have moved away are opened anew: for a SIGHUP whose configuration is refused. */
  reopen(): void {
    for (const sink of this.#sinks.values()) sink.destination.reopen();
  }

  /** Resolves when everything logged so far is written. */
  async flush(): Promise<void> {
    await Promise.all([...this.#sinks.values(), ...this.#closing].map((sink) => sink.flush()));
  }

  /** For the end of the process: writes what is still in memory, and waits for it. */
  flushSync(): void {
    for (const sink of [...this.#closing, ...this.#sinks.values()]) sink.flushSync();
  }

  async close(): Promise<void> {
    await this.flush();
    await Promise.all([...this.#sinks.values()].map((sink) => sink.close()));
  }

  #close(sink: Sink): void {
    this.#closing.add(sink);
    void sink.close().finally(() => this.#closing.delete(sink));
  }

  #fullName(name: LoggerName): string {
    return name === "" ? this.#options.program : `${this.#options.program}.${name}`;
  }

  #firstDestination(): string {
    return this.#options.destination ?? "stdout";
  }

  /** `undefined` when the logger names no outputs and so uses its parent's. */
  #openOutputs(logger: LoggerConfig | undefined, reusable: Map<string, Sink>): readonly Output[] | undefined {
    const outputs = logger?.["output-options"] ?? [];
    return outputs.length === 0 ? undefined : this.#open(outputs, reusable);
  }

  #open(outputs: readonly OutputConfig[], reusable: Map<string, Sink>): readonly Output[] {
    return outputs.map((output) => {
      const target = resolveOutput(output.output, this.#options.logDirectory);
      const key = target.startsWith("syslog") ? "syslog" : target;
      const layout = this.#layoutFor(target, output.pattern);
      const sink = this.#sinks.get(key) ?? reusable.get(key) ?? this.#openSink(key, output, layout);
      reusable.delete(key);
      this.#sinks.set(key, sink);
      if (sink.destination instanceof FileDestination) {
        sink.destination.maxsize = output.maxsize;
        sink.destination.maxver = output.maxver;
      }
      return { sink, layout };
    });
  }

  /** @param pattern empty for the usual one */
  #layoutFor(target: string, pattern: string): Layout {
    const { program, isJournal: isOurs = isJournal } = this.#options;
    if (target.startsWith("syslog")) {
      return syslogLayout(pattern || DEFAULT_SYSLOG_PATTERN, program, syslogFacility(target));
    }
    const fd = target === "stdout" ? 1 : target === "stderr" ? 2 : undefined;
    if (fd === undefined || !isOurs(fd)) return new Layout(pattern || DEFAULT_PATTERN, program);
    // The journal has the time, and takes the priority from the line: sd-daemon(3).
    return new Layout(pattern || DEFAULT_SYSLOG_PATTERN, program, (severity) => `<${syslogPriority(0, severity)}>`);
  }

  #openSink(target: string, output: OutputConfig, layout: Layout): Sink {
    return new Sink(
      this.#destination(target, output),
      (error) => this.#failed(target, error),
      (line, count) => layout.write(line, this.#now(), logMessages.LOG_LINES_LOST, { count }),
    );
  }

  #destination(target: string, output: OutputConfig): Destination {
    if (target === "stdout") return new DescriptorDestination(1);
    if (target === "stderr") return new DescriptorDestination(2);
    if (target === "syslog") return new SyslogDestination(this.#options.sendDatagram ?? sendUnixDatagram);
    return new FileDestination(target, output.maxsize, output.maxver);
  }

  #arm(): void {
    if (this.#armed) return;
    this.#armed = true;
    setTimeout(() => this.#drain(), GATHER_MS).unref();
  }

  #drain(): void {
    this.#armed = false;
    let areLeft = false;
    for (const sink of this.#sinks.values()) if (sink.drain()) areLeft = true;
    if (areLeft) this.#arm();
  }

  /** Told to the other outputs and to standard error, where the service manager reads it. */
  #failed(output: string, error: Error): void {
    const message = logMessages.LOG_OUTPUT_FAILED;
    const values = { output, error: error.message };
    this.log(message, values);
    if (this.#sinks.has("stderr")) return;
    const line = new TextWriter(256);
    this.#layoutFor("stderr", "").write(line, this.#now(), message, values);
    new DescriptorDestination(2).write(line.written).catch(() => {}); // nobody is left to tell
  }
}
