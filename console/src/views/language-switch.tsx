import type { JSX } from "preact";
import { language, languageTag, switchLanguage, text } from "../i18n";
import { Icon } from "./icons";

/** The other language, in its own words. */
export function LanguageSwitch(): JSX.Element {
  return (
    <button
      type="button"
      class="quiet language"
      onClick={switchLanguage}
      lang={language.value === "en" ? "zh-CN" : "en"}
      data-language={languageTag.value}
    >
      <Icon name="globe" />
      {text.value.otherLanguage}
    </button>
  );
}
