/** Clients of control sockets as they are in the field: in a process of their own, with plain system calls. */
import { spawn } from "node:child_process";

/** Writes its input to a socket, so many bytes a time, then reads until a read gives less than it waits for. */
const PROGRAM = `
use IO::Socket::UNIX;
my ($path, $written, $read, $least) = @ARGV;
my $socket = IO::Socket::UNIX->new(Peer => $path) or die "connect: $!";
while (sysread STDIN, my $piece, $written) {
  defined syswrite $socket, $piece or die "write: $!";
  select undef, undef, undef, 0.001;
}
while (1) {
  my $length = sysread $socket, my $piece, $read;
  defined $length or die "read: $!";
  print $piece;
  last if $length < $least;
}
`;

export interface FieldReading {
  /** Bytes that each write and each read ask for. */
  readonly written: number;
  readonly read: number;
  /** Bytes of a read that is not the last one. */
  readonly least: number;
}

/** VyOS's way: read 4096 bytes until there are fewer. */
export const UNTIL_SHORT: FieldReading = { written: 4096, read: 4096, least: 4096 };
/** Until the other end closes. */
export const UNTIL_END: FieldReading = { written: 4096, read: 4096, least: 1 };
/** What comes at once is all. */
export const ONCE: FieldReading = { written: 4096, read: 2 ** 20, least: 2 ** 20 };

/** @returns what it read. @throws Error with what it died of, such as a broken pipe */
export function askLikeThis({ written, read, least }: FieldReading, socket: string, text: string): Promise<string> {
  const client = spawn("perl", ["-e", PROGRAM, socket, String(written), String(read), String(least)]);
  let answer = "";
  let complaint = "";
  client.stdout.setEncoding("latin1").on("data", (piece: string) => (answer += piece));
  client.stderr.setEncoding("latin1").on("data", (piece: string) => (complaint += piece));
  client.stdin.on("error", () => undefined);
  client.stdin.end(text);
  return new Promise((resolve, reject) => {
    client.once("error", reject);
    client.once("close", (code, signal) => {
      if (code === 0) resolve(answer);
      else reject(new Error(`${signal ?? code}: ${complaint}`));
    });
  });
}
