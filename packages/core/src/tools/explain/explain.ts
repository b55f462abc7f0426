/** `dhcp4d explain`: what a server does with a message, and why. */
import { formatFault } from "../../config/fault.ts";
import { loadConfig } from "../../config/load/load-config.ts";
import { askSocket } from "../../control/channel/ask-socket.ts";
import { explanationJson, formatExplanation } from "../../control/explanation.ts";
import type { GivenPacket } from "../../control/given-packet.ts";
import { configFiles } from "../../daemon/config/config-files.ts";
import type { ConfinedConfig } from "../../daemon/config/confine-paths.ts";
import type { Daemon } from "../../daemon/daemon.ts";
import type { Explainer } from "../../daemon/offline/explainer.ts";
import { type DaemonPaths, resolvePath } from "../../daemon/paths.ts";
import { findSocket } from "../call/find-socket.ts";
import type { Terminal } from "../leases.ts";
import { parseSubCommand } from "../sub-command.ts";
import { describeExplain, ExplainExit, type Question, readQuestion } from "./explain-question.ts";

/** An explanation as it is printed. */
type Explained = Parameters<typeof formatExplanation>[0];

/** How a packet is explained, here or by a daemon that runs. */
interface Way {
  explain(packet: GivenPacket): Promise<Explained>;
  close(): Promise<void>;
}

/** @param words behind `explain` @returns the exit code */
export async function explain<Config extends ConfinedConfig>(
  words: readonly string[],
  daemon: Pick<Daemon<Config>, "program" | "family">,
  explainer: Explainer<Config>,
  terminal: Pick<Terminal, "out" | "complain"> & { readonly paths: DaemonPaths },
): Promise<number> {
  const { program } = daemon;
  const complain = (what: string) => terminal.complain(`${program.name} explain: ${what}\n`);
  const given = parseSubCommand(words, describeExplain(program, explainer));
  if (given.kind === "words" && given.isHelpAsked) {
    terminal.out(given.help);
    return ExplainExit.done;
  }
  const question = given.kind === "wrong" ? given.what : readQuestion(given.words, given.options);
  if (typeof question === "string") {
    complain(`${question}\nTry '${program.name} explain --help'.`);
    return ExplainExit.usage;
  }
  let packets: readonly GivenPacket[];
  try {
    packets = packetsOf(question, explainer);
  } catch (error) {
    complain((error as Error).message);
    return ExplainExit.usage;
  }
  try {
    const way = question.isLive
      ? askDaemon(question, terminal.paths)
      : await openHere(question, daemon, explainer, terminal);
    if (way === undefined) return ExplainExit.failed;
    try {
      for (const packet of packets) {
        const explained = await way.explain(packet);
        if (packets.length > 1) terminal.out(`${explainer.nameMessage(packet.payload)}\n\n`);
        terminal.out(question.isJson ? `${JSON.stringify(explained)}\n` : `${formatExplanation(explained)}\n`);
      }
    } finally {
      await way.close();
    }
    return ExplainExit.done;
  } catch (error) {
    complain((error as Error).message);
    return ExplainExit.failed;
  }
}

/** @throws Error in words */
function packetsOf(
  { source, way, wishes }: Question,
  explainer: Pick<Explainer<never>, "makeMessage" | "findMessage">,
): readonly GivenPacket[] {
  if (source.kind === "wishes") return [{ ...way, payload: explainer.makeMessage(wishes) }];
  if (source.kind === "hex") return [{ ...way, payload: source.payload }];
  const given = Object.fromEntries(Object.entries(way).filter(([, value]) => value !== undefined));
  const packets = source.frames.flatMap((frame): GivenPacket[] => {
    const found = explainer.findMessage(frame);
    return found === undefined ? [] : [{ ...found, ...given, classes: way.classes }];
  });
  if (packets.length === 0) throw new Error(`${source.file} has no message to this server`);
  return packets;
}

async function openHere<Config extends ConfinedConfig>(
  { config }: Question,
  { family }: Pick<Daemon<Config>, "family">,
  explainer: Explainer<Config>,
  { complain }: Pick<Terminal, "complain">,
): Promise<Way | undefined> {
  const loaded = loadConfig(family, config, configFiles);
  for (const fault of loaded.faults) complain(`${formatFault(fault)}\n`);
  if (loaded.kind === "refused") return undefined;
  const server = await explainer.open(loaded.config);
  return {
    explain: async (packet) => explanationJson(await server.explain(packet)),
    close: () => server.close(),
  };
}

/** Seconds that it may take. */
const PATIENCE = 30;

function askDaemon({ config }: Question, paths: DaemonPaths): Way {
  const found = findSocket(config, (path) => resolvePath(paths.controlSocket, path));
  if (found.kind === "none") throw new Error(found.why);
  return {
    async explain({ payload, interface: name, source, sourcePort, destination, classes }) {
      const args = {
        packet: Buffer.from(payload).toString("hex"),
        interface: name,
        source,
        "source-port": sourcePort,
        destination,
        classes,
      };
      const pieces: Buffer[] = [];
      const text = JSON.stringify({ command: "packet-explain", arguments: args });
      for await (const piece of askSocket(found.path, text, PATIENCE * 1000)) pieces.push(piece);
      const answer = JSON.parse(Buffer.concat(pieces).toString()) as Answered;
      if (answer.arguments === undefined) throw new Error(answer.text ?? "the daemon has given no explanation");
      return answer.arguments;
    },
    close: async () => {},
  };
}

interface Answered {
  readonly text?: string;
  readonly arguments?: Explained;
}
