/** What an extension has thrown, or failed to do: it costs what was asked of it, and nothing else. */

export class ExtensionError extends Error {
  readonly extension: string;

  /** @param cause whatever was thrown */
  constructor(extension: string, cause: unknown) {
    const words = cause instanceof Error ? cause.message : String(cause);
    super(`extension ${extension}: ${words}`, { cause });
    this.extension = extension;
  }
}
