/** All that is wrong with a configuration, each with its place in the text. */
import { type FaultPlace, readFault } from "./fault-place.ts";

interface Props {
  /** The daemon's words, a line for each fault. */
  readonly text: string;
  readonly onGo: (fault: FaultPlace) => void;
}

export function Faults({ text, onGo }: Props) {
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
