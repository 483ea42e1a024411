import type { JSX } from "preact";

/** Placeholder. */
export function ProbeAddress({ url: _url }: { url: string }): JSX.Element | null {
  return null;
}
export function ProbeCamera({ camera: _camera }: { camera: number }): JSX.Element | null {
  return null;
}
