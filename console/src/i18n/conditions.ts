import { DAYS, type Hours, type Terms } from "../api/rules";
import { joined, text, word } from ".";
import { takes } from "../state/kinds";
import { percentOf } from "../state/rule-draft";
import type { Site } from "../state/site";
import { span } from "./time";

const USUAL_SCORE = 0.4;
const WEEK = DAYS.length;

/** Days in a row as a range: Mon–Fri. */
function daysText(days: Hours["days"]): string {
  const texts = text.value.rules;
  if (days.length === WEEK) return texts.everyDay;
  const runs: number[][] = [];
  for (const day of DAYS.keys()) {
    if (!days.includes(DAYS[day] as (typeof DAYS)[number])) continue;
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  const named = (day: number | undefined) => texts.days[DAYS[day ?? 0] as (typeof DAYS)[number]];
  const short = (run: number[]) => run.map(named);
  return joined(runs.flatMap((run) => (run.length > 2 ? [`${named(run[0])}–${named(run.at(-1))}`] : short(run))));
}

export const hoursText = ({ days, begin, end, time_zone }: Hours): string =>
  `${daysText(days)} ${begin}–${end} (${time_zone})`;

/** Under which conditions the rule makes an event, but for its kind and labels; what is as usual goes unsaid. */
export function conditionsOf(rule: Terms, { zones, lines }: Pick<Site, "zones" | "lines">): string[] {
  const texts = text.value.rules;
  const named = (places: readonly { id: number; name: string }[], id: number) =>
    places.find((place) => place.id === id)?.name ?? `#${id}`;
  const percent = (share: number) => percentOf(share).toLocaleString();
  const found: (string | false | null)[] = [
    rule.line !== null && texts.overLine(named(lines, rule.line)),
    takes(rule.kind, "direction") && texts.way(rule.direction ? word("directions", rule.direction) : texts.either),
    rule.zone !== null && texts.inZone(named(zones, rule.zone)),
    takes(rule.kind, "zone") && rule.zone === null && rule.line === null && text.value.whole,
    rule.kind === "crowding" && rule.min_count !== null && texts.atOnce(rule.min_count),
    rule.kind === "flow" && (rule.min_count === null ? texts.countsOnly : texts.aMinute(rule.min_count)),
    rule.min_speed !== null && texts.faster(percent(rule.min_speed)),
    rule.min_duration_s > 0 && texts.forAtLeast(secondsText(rule.min_duration_s)),
    takes(rule.kind, "min_score") && rule.min_score !== USUAL_SCORE && texts.sure(rule.min_score.toLocaleString()),
    rule.min_size > 0 && texts.larger(percent(rule.min_size)),
    rule.min_path > 0 && texts.moved(percent(rule.min_path)),
    rule.once_per_track && texts.once,
    rule.cool_down_s > 0 && texts.quiet(secondsText(rule.cool_down_s)),
    ...rule.hours.map(hoursText),
  ];
  return found.filter((part): part is string => typeof part === "string");
}

/** Short times to the fraction, long ones by their largest unit. */
function secondsText(seconds: number): string {
  return seconds < 120 ? text.value.seconds(seconds) : span(seconds * 1000);
}
