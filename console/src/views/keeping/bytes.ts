import { locale } from "../../i18n";

const UNITS = ["kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** So many bytes in the unit in which they are read best, by thousands. */
export function bytesText(bytes: number): string {
  let amount = bytes / 1_000;
  let at = 0;
  while (amount >= 1_000 && at < UNITS.length - 1) {
    amount /= 1_000;
    at += 1;
  }
  const unit = UNITS[at] ?? "terabyte";
  const digits = amount < 100 ? 1 : 0;
  return new Intl.NumberFormat(locale.value, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits }).format(amount);
}
