import type { JSX } from "preact";
import { desk, setQuery } from "../../desk";
import { text } from "../../i18n";
import { Icon } from "../icons";

/** The catalogue's text search: `q` of the address. */
export function SearchBox(): JSX.Element {
  const texts = text.value.catalogue;
  return (
    <label class="search wide" title={texts.searchHint}>
      <Icon name="search" />
      <input
        type="search"
        value={desk.value?.query.get("q") ?? ""}
        placeholder={texts.searchHint}
        aria-label={texts.search}
        maxLength={128}
        onInput={(event) => setQuery({ q: event.currentTarget.value || null }, "replace")}
      />
    </label>
  );
}
