import { useEffect, useState } from "preact/hooks";

/** Whether the tab is in front: nothing is fetched for one that nobody sees. */
export function useIsTabShown(): boolean {
  const [isTabShown, setTabShown] = useState(!document.hidden);
  useEffect(() => {
    const onTab = () => setTabShown(!document.hidden);
    document.addEventListener("visibilitychange", onTab);
    return () => document.removeEventListener("visibilitychange", onTab);
  }, []);
  return isTabShown;
}

/** Whether an element can be seen: not scrolled away, and not in a hidden tab. */
export function useIsVisible(target: { current: HTMLElement | null }): boolean {
  const [isInView, setInView] = useState(false);
  const isTabShown = useIsTabShown();
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => setInView(entries.at(-1)?.isIntersecting ?? false));
    if (target.current) observer.observe(target.current);
    return () => observer.disconnect();
  }, []);
  return isInView && isTabShown;
}
