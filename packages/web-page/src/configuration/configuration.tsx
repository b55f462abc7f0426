/** The configuration of a daemon: to read, and to change where one may. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "../problem.tsx";
import type { Service, Session } from "../session.ts";
import { usePolled } from "../use-polled.ts";
import { ROOTS } from "./config.ts";
import { type FaultPlace, offsetOf, readFault } from "./fault-place.ts";

interface Props {
  readonly session: Session;
  /** Those that answer. */
  readonly services: readonly Service[];
}

/** What has become of the last button, good or bad. */
interface Outcome {
  readonly isGood: boolean;
  readonly text: string;
}

export function Configuration({ session, services }: Props) {
  const [service, setService] = useState<Service>(services[0]!);
  const [loads, setLoads] = useState(0);
  const [text, setText] = useState("");
  const [outcome, setOutcome] = useState<Outcome>();
  const [isBusy, setIsBusy] = useState(false);
  const editor = useRef<HTMLTextAreaElement>(null);
  const { value: running, problem } = usePolled((signal) => loadText(session, service, signal), [service, loads]);

  useEffect(() => setText(running ?? ""), [running]);
  useEffect(() => setOutcome(undefined), [service]);

  async function run(command: () => Promise<string>): Promise<void> {
    setIsBusy(true);
    setOutcome(undefined);
    try {
      setOutcome({ isGood: true, text: await command() });
    } catch (error) {
      setOutcome({ isGood: false, text: (error as Error).message });
    }
    setIsBusy(false);
  }

  async function send(command: string): Promise<void> {
    const { result, text: said = "" } = await session.sendText(service, command, text);
    if (result !== 0) throw new Error(said);
  }

  async function test(): Promise<string> {
    await send("config-test");
    return "This configuration is good. It is not in force yet.";
  }

  async function apply(): Promise<string> {
    await send("config-test");
    await send("config-set");
    setLoads(loads + 1);
    return "This configuration is in force. It is not in the file yet.";
  }

  async function write(): Promise<string> {
    await session.ask(service, "config-write");
    return "What is in force is in the configuration file, too.";
  }

  function goTo(fault: FaultPlace): void {
    const at = offsetOf(text, fault);
    editor.current?.focus();
    editor.current?.setSelectionRange(at, at + 1);
  }

  const isChanged = running !== undefined && text !== running;
  return (
    <>
      <h2>Configuration</h2>
      <div class="controls">
        <label>
          Daemon
          <select value={service} onChange={(event) => setService(event.currentTarget.value as Service)}>
            {services.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <button type="button" disabled={isBusy || !isChanged} onClick={() => setText(running ?? "")}>
          Undo changes
        </button>
        <button type="button" disabled={isBusy || running === undefined} onClick={() => void run(test)}>
          Check
        </button>
        <button type="button" disabled={isBusy || !isChanged} onClick={() => void run(apply)}>
          Apply
        </button>
        <button type="button" disabled={isBusy || isChanged} onClick={() => void run(write)}>
          Write to the file
        </button>
      </div>
      <Problem text={problem} />
      {outcome?.isGood === true && <output class="good">{outcome.text}</output>}
      {outcome?.isGood === false && <Faults text={outcome.text} onGo={goTo} />}
      {running !== undefined && (
        <label>
          {isChanged ? "Changed, not in force" : "In force"}
          <textarea
            ref={editor}
            class="code"
            rows={30}
            spellcheck={false}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
      )}
    </>
  );
}

function Faults({ text, onGo }: { readonly text: string; readonly onGo: (fault: FaultPlace) => void }) {
  return (
    <ul class="problem" role="alert">
      {text.split("\n").map((line) => {
        const fault = readFault(line, 1);
        if (fault === undefined) return <li key={line}>{line}</li>;
        return (
          <li key={line}>
            <button type="button" class="link" onClick={() => onGo(fault)}>
              line {fault.line}, column {fault.column}
            </button>
            : {fault.what}
          </li>
        );
      })}
    </ul>
  );
}

async function loadText(session: Session, service: Service, signal: AbortSignal): Promise<string> {
  const answer = await session.ask<Record<string, unknown>>(service, "config-get", undefined, signal);
  const root = ROOTS[service];
  // Without the hash, which is not the configuration's.
  return JSON.stringify({ [root]: answer?.[root] }, undefined, 2);
}
