import { useEffect, useState } from "preact/hooks";

export interface Size {
  width: number;
  height: number;
}

/** How large an element is on the screen, in CSS pixels: null until it was measured. */
export function useSize(target: { current: HTMLElement | null }): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    const observer = new ResizeObserver((entries) => {
      const box = entries.at(-1)?.contentRect;
      if (box) setSize({ width: box.width, height: box.height });
    });
    if (target.current) observer.observe(target.current);
    return () => observer.disconnect();
  }, []);
  return size;
}
