/** So many characters a password has at least; the server says the same. */
export const SHORTEST = 15;

/** How many characters are missing, as the server counts them: once compatible forms are made one. */
export const missing = (password: string): number =>
  Math.max(0, SHORTEST - Array.from(password.normalize("NFKC")).length);
