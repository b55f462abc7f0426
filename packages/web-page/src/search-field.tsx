/** Where one types what a list is searched for. */
interface Props {
  readonly label?: string;
  readonly text: string;
  /** What it may be. */
  readonly hint: string;
  onType(text: string): void;
}

export function SearchField({ label = "Search", text, hint, onType }: Props) {
  return (
    <label class="search">
      {label}
      <input type="search" value={text} placeholder={hint} onInput={(event) => onType(event.currentTarget.value)} />
    </label>
  );
}
