import type { JSX } from "preact";

/** Line drawings on a 16 x 16 grid, in the colour of the text around them. They decorate: the text beside says it. */
const PATHS = {
  eye: "M1 8c1.8-3.3 4.1-5 7-5s5.2 1.7 7 5c-1.8 3.3-4.1 5-7 5S2.8 11.3 1 8Zm7 2.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
  live: "M8 12.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Zm-2.2-4.6 1.6 1.6 2.9-3",
  busy: "M8 2.5V5M8 11v2.5M2.5 8H5M11 8h2.5M4.1 4.1l1.8 1.8M10.1 10.1l1.8 1.8M4.1 11.9l1.8-1.8M10.1 5.9l1.8-1.8",
  warning: "M8 2.3 14.5 13.5h-13L8 2.3ZM8 6.5v3.2M8 11.4v.4",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M5 3.2v9.6L12.5 8 5 3.2Z",
  close: "m3.8 3.8 8.4 8.4M12.2 3.8l-8.4 8.4",
  plus: "M8 3v10M3 8h10",
  right: "m6.2 4 4 4-4 4",
  minus: "M3 8h10",
  box: "M2.5 5V2.5H5M11 2.5h2.5V5M13.5 11v2.5H11M5 13.5H2.5V11M5.5 8h5",
  down: "m4 6.2 4 4 4-4",
  up: "m4 9.8 4-4 4 4",
  arrow: "M8 13.5v-11M3.8 6.7 8 2.5l4.2 4.2",
  back: "M13.5 8h-11M6.7 3.8 2.5 8l4.2 4.2",
  zone: "M2.5 4.5 9 2.5l4.5 5-3 6-7-1Z",
  line: "M3 13 12 4M12.5 8V3.5H8",
  ignored: "M2.5 3.5h11v9h-11zM3 12.2 11.6 3.6M2.6 7.6l4-4M7 12.4l6.3-6.3",
  privacy: "M2 8s2.2-4 6-4 6 4 6 4-2.2 4-6 4-6-4-6-4ZM8 9.6a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2ZM13 3 3 13",
  pencil: "m3 13 .6-3L11 2.6 13.4 5 6 12.4 3 13ZM9.6 4l2.4 2.4",
  shape: "M4 12.5 3.5 4.2 12 3.5l.5 9ZM3.5 2.7a1.5 1.5 0 1 0 0 3M12 2a1.5 1.5 0 1 0 0 3",
  question: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6.2 6.3a1.9 1.9 0 1 1 2.6 1.8c-.5.3-.8.6-.8 1.2M8 11.4v.1",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Zm3.3-1.2 3.4 3.4",
  wider: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Zm3.3-1.2 3.4 3.4M5 7h4",
  bin: "M2.8 4.5h10.4M6.2 4.3V2.8h3.6v1.5M4.2 4.7l.6 8.5h6.4l.6-8.5M6.8 7v3.8M9.2 7v3.8",
  person: "M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8ZM2.8 13.6c.5-2.6 2.5-3.9 5.2-3.9s4.7 1.3 5.2 3.9",
  out: "M6.5 2.5h-4v11h4M6 8h7.5M10.5 5l3 3-3 3",
  list: "M2.5 4h11M2.5 8h11M2.5 12h7",
  camera: "M1.8 4.5h8.4v7H1.8zM10.2 7.2l4-2v5.6l-4-2",
  noPicture: "M2 3.5h12v9H2zM2 2l12 12M5 9.5l2-2",
  link: "M6.5 9.5l3-3M7.2 4.6l1.6-1.6a2.9 2.9 0 0 1 4.2 4.2l-1.6 1.6M8.8 11.4l-1.6 1.6A2.9 2.9 0 0 1 3 8.8l1.6-1.6",
  download: "M8 2.5v8M4.3 7 8 10.7 11.7 7M2.5 13.5h11",
  upload: "M8 10.5v-8M4.3 6 8 2.3 11.7 6M2.5 13.5h11",
  key: "M5.2 13a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4ZM7.2 8.3 13 2.5M10.5 5l2 2",
  bell: "M3.2 11.5h9.6c-1-1-1.4-2-1.4-4.2a3.4 3.4 0 0 0-6.8 0c0 2.2-.4 3.2-1.4 4.2ZM8 2v1.6M6.6 13.6c.3.5.8.7 1.4.7s1.1-.2 1.4-.7",
  globe: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM2 8h12M8 2c2 2 2.6 4 2.6 6S10 12 8 14c-2-2-2.6-4-2.6-6S6 4 8 2Z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
