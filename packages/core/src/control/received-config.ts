/** A configuration that came with a command: read and checked beside service, and not in force. */
export interface ReceivedConfig {
  /** Everything that is wrong with it, in words; empty when it can be taken into force. */
  readonly faults: readonly string[];
  /** Takes it into force, when nothing is wrong with it. @throws what is in the way */
  apply(): Promise<void>;
}

/** What a text that should be a command with a configuration turned out to be. */
export interface ReceivedCommand {
  /** `undefined` where it is no command. */
  readonly command: string | undefined;
  /** The daemons that are meant. */
  readonly services: readonly string[];
  readonly config: ReceivedConfig;
}
