/** Small choices kept in the browser. Where it keeps nothing (a private window), the page just forgets. */
const PREFIX = "sharp-eyes.";

export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    // Kept for this visit only.
  }
}
