/** The editor of a configuration: CodeMirror, with completion by the JSON Schema and the places of faults. Loaded when it is wanted. */
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from "@codemirror/autocomplete";
import { history, historyKeymap, standardKeymap } from "@codemirror/commands";
import { EditorState, StateEffect, StateField, type Text } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  keymap,
  lineNumbers,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import type { Service } from "../../session.ts";
import type { FaultPlace } from "../change/fault-place.ts";
import { proposalsAt } from "./complete-json.ts";
import { loadSchema, type Schema } from "./config-schema.ts";
import { editorTheme } from "./editor-theme.ts";
import { placeAt } from "./json-place.ts";

/** Characters up to which a completion need not be asked for. */
const AT_EASE = 1_000_000;

/** Keys, other texts, and comments. */
const WORDS = /("(?:[^"\\\n]|\\.)*")(\s*:)?|(#.*|\/\/.*)/g;

export class ConfigEditor {
  readonly #view: EditorView;
  /** What the daemon has. */
  #running: Text;
  /** `undefined` where it cannot be had. */
  #schema: Promise<Schema | undefined> = Promise.resolve(undefined);

  /**
   * @param place empty; a shadow root, so that the editor's rules are the page's own and need no leave of its policy
   * @param onChange told whether the text is another one than the daemon has
   */
  constructor(place: ShadowRoot, text: string, onChange: (isChanged: boolean) => void) {
    this.#view = new EditorView({
      root: place,
      parent: place,
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        keymap.of([...completionKeymap, ...standardKeymap, ...historyKeymap]),
        autocompletion({ override: [(context) => this.#complete(context)], icons: false }),
        highlighting,
        faultMarks,
        editorTheme,
        EditorView.contentAttributes.of({ "aria-label": "Configuration", "aria-multiline": "true" }),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) onChange(!state.doc.eq(this.#running));
        }),
      ],
    });
    this.#running = this.#view.state.doc;
  }

  /** Proposes the keys of this daemon from now on. @throws Error where they cannot be had */
  async propose(service: Service): Promise<void> {
    const schema = loadSchema(service);
    this.#schema = schema.catch(() => undefined);
    await schema;
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  /** Another text, which the daemon has now. */
  show(text: string): void {
    this.#running = EditorState.create({ doc: text }).doc;
    if (this.#view.state.doc.eq(this.#running)) return;
    this.#view.dispatch({
      changes: { from: 0, to: this.#view.state.doc.length, insert: text },
      effects: marked.of([]),
    });
  }

  mark(faults: readonly FaultPlace[]): void {
    this.#view.dispatch({ effects: marked.of(faults.map((fault) => this.#offsetOf(fault))) });
  }

  goTo(fault: FaultPlace): void {
    const at = this.#offsetOf(fault);
    this.#select(at, wordAt(this.#view.state.doc, at));
  }

  /** Selects where the text is next, behind the cursor or from the start. @returns whether it is anywhere */
  find(text: string): boolean {
    const { doc, selection } = this.#view.state;
    const [all, wanted] = [doc.toString().toLowerCase(), text.toLowerCase()];
    const behind = all.indexOf(wanted, selection.main.to);
    const at = behind === -1 ? all.indexOf(wanted) : behind;
    if (at !== -1) this.#select(at, at + text.length);
    return at !== -1;
  }

  focus(): void {
    this.#view.focus();
  }

  destroy(): void {
    this.#view.destroy();
  }

  #select(anchor: number, head: number): void {
    this.#view.dispatch({ selection: { anchor, head }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
  }

  /** The end of the text where it is shorter. */
  #offsetOf({ line, column }: FaultPlace): number {
    const { doc } = this.#view.state;
    if (line > doc.lines) return doc.length;
    const { from, to } = doc.line(line);
    return Math.min(to, from + column - 1);
  }

  /** Who types before the schema has come gets proposals when it has. */
  async #complete({ state, pos, explicit }: CompletionContext): Promise<CompletionResult | null> {
    const { doc } = state;
    if (!explicit && doc.length > AT_EASE) return null;
    const schema = await this.#schema;
    if (schema === undefined) return null;
    const place = placeAt(doc.toString(), pos);
    const isBegun = place.from < pos;
    if (!explicit && !isBegun) return null;
    const options = proposalsAt(schema, place).map(({ label, detail, info, text, cursor }) => ({
      // What is typed is compared with it: a quote is a part of it where one is there.
      label:
        isBegun && doc.sliceString(place.from, place.from + 1) === '"' && !label.startsWith('"') ? `"${label}"` : label,
      displayLabel: label,
      detail,
      ...(info !== "" && { info }),
      apply: (view: EditorView, _: Completion, from: number, to: number) =>
        view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + cursor } }),
    }));
    return options.length === 0 ? null : { from: place.from, to: place.to, options, validFor: /^"?[\w-]*"?$/ };
  }
}

/** The end of the word that begins there. */
function wordAt(doc: Text, at: number): number {
  const { text, from } = doc.lineAt(at);
  return at + (/^"(?:[^"\\]|\\.)*"|^[\w.-]+|^./.exec(text.slice(at - from))?.[0].length ?? 0);
}

const marked = StateEffect.define<readonly number[]>();
const mark = Decoration.mark({ class: "fault" });

const faultMarks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { changes, effects, newDoc }) {
    const given = effects.find((effect) => effect.is(marked));
    if (given === undefined) return marks.map(changes);
    const places = (given.value as readonly number[]).map((at) => ({ at, end: wordAt(newDoc, at) }));
    return Decoration.set(
      places.flatMap(({ at, end }) => (end > at ? [mark.range(at, end)] : [])),
      true,
    );
  },
  provide: (field) => EditorView.decorations.from(field),
});

const [keyWord, textWord, comment] = ["key", "text", "comment"].map((name) => Decoration.mark({ class: name }));
const words = new MatchDecorator({
  regexp: WORDS,
  decorate(add, from, to, [, word, colon]) {
    if (word === undefined) add(from, to, comment!);
    else add(from, from + word.length, colon === undefined ? textWord! : keyWord!);
  },
});
const highlighting = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = words.createDeco(view);
    }
    update(update: ViewUpdate) {
      this.decorations = words.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
