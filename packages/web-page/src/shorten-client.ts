/** How a client is shown of which only the log's words are known. */

/** What tells it best, of what the log says of it: its hardware address or its DUID. */
export function shortenClient(label: string): string {
  return (
    /\[hwtype=\d+ ([\da-f:]+)\]|duid=\[([\da-f:]+)\]/
      .exec(label)
      ?.slice(1)
      .find((each) => each) ?? label
  );
}
