/** Newer names first: each browser also calls itself by the names of those before it. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg(?:A|iOS)?\//, "Edge"],
  [/OPR\//, "Opera"],
  [/(?:Firefox|FxiOS)\//, "Firefox"],
  [/(?:Chrome|CriOS)\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/HarmonyOS|OpenHarmony/, "HarmonyOS"],
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux|X11/, "Linux"],
];

const found = (agent: string, among: typeof BROWSERS): string | null =>
  among.find(([sign]) => sign.test(agent))?.[1] ?? null;

/** What a browser is, in two words, by what it calls itself; null where that says nothing known. */
export function agentWords(agent: string): string | null {
  const words = [found(agent, BROWSERS), found(agent, SYSTEMS)].filter((word) => word !== null);
  return words.length === 0 ? null : words.join(" · ");
}
