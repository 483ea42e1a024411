import { computed, signal } from "@preact/signals";
import { remembered, remember } from "../storage";
import { en } from "./en";
import type { Messages } from "./messages";
import type { Words } from "./words";
import { zh } from "./zh";

export type Language = "en" | "zh";

const TEXTS: Record<Language, Messages> = { en, zh };
const TAGS: Record<Language, string> = { en: "en", zh: "zh-CN" };

function preferred(): Language {
  const kept = remembered("language");
  if (kept === "en" || kept === "zh") return kept;
  for (const tag of navigator.languages) {
    const short = tag.toLowerCase().split("-")[0];
    if (short === "zh" || short === "en") return short;
  }
  return "en";
}

export const language = signal<Language>(preferred());

/** The texts in the reader's language. Reading it in a component makes the component follow a switch. */
export const text = computed<Messages>(() => TEXTS[language.value]);

/** What numbers and dates are formatted by: the browser's own variant of the language where it has one (en-GB). */
export const locale = computed<string>(
  () => navigator.languages.find((tag) => tag.toLowerCase().startsWith(language.value)) ?? TAGS[language.value],
);

export const languageTag = computed<string>(() => TAGS[language.value]);

export function switchLanguage(): void {
  language.value = language.value === "en" ? "zh" : "en";
  remember("language", language.value);
}

/** A word for a code of the server's; the code itself where the page knows none. */
export function word<K extends keyof Words>(kind: K, code: string | number): string {
  return (text.value.words[kind] as Record<string, string>)[code] ?? String(code).replaceAll("_", " ");
}

export const labelName = (label: string): string => text.value.labels[label] ?? label;

export const joined = (names: readonly string[]): string => names.join(text.value.listJoint);
