import { text } from "../../i18n";
import { departments, regionNames } from "../../state/names";
import { CHOICES, type ChoiceName, type FieldName } from "../../state/record";

/** A field's value in words, as the form shows it. */
export function valueWords(field: FieldName, value: string): string {
  const texts = text.value.record;
  if (value.trim() === "") return texts.empty;
  if (field in CHOICES) return texts.choices[field as ChoiceName][Number(value)] ?? value;
  switch (field) {
    case "department":
      return departments.value?.find(({ id }) => String(id) === value)?.name ?? `#${value}`;
    case "region":
      return [regionNames.value.get(value), value].filter(Boolean).join(" ");
    case "enabled":
      return value === "true" ? texts.on : texts.off;
    default:
      return value;
  }
}
