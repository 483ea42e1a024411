export type ExportFormat = "csv" | "ndjson" | "geojson";

const [QUOTE, LINE_END] = [0x22, 0x0a];
/** What each event of a GeoJSON file has once. */
const FEATURE = [...new TextEncoder().encode('"Feature"')];

/** Counts the events of a file as it comes in, piece by piece. */
export interface RowCount {
  add(piece: Uint8Array): void;
  readonly rows: number;
}

class Lines implements RowCount {
  private lines = 0;
  private isQuoted = false;

  /** A table has a line of names first; a quoted cell may hold ends of lines. */
  constructor(private readonly isTable: boolean) {}

  get rows(): number {
    return this.isTable ? Math.max(0, this.lines - 1) : this.lines;
  }

  add(piece: Uint8Array): void {
    for (const byte of piece) {
      if (byte === QUOTE && this.isTable) this.isQuoted = !this.isQuoted;
      else if (byte === LINE_END && !this.isQuoted) this.lines += 1;
    }
  }
}

class Features implements RowCount {
  rows = 0;
  /** How many bytes of the pattern stand at the end of what has come. */
  private matched = 0;

  add(piece: Uint8Array): void {
    for (const byte of piece) {
      // The pattern's first byte stands in it only once more, at its end.
      if (byte === FEATURE[this.matched]) this.matched += 1;
      else this.matched = byte === FEATURE[0] ? 1 : 0;
      if (this.matched === FEATURE.length) {
        this.rows += 1;
        this.matched = 0;
      }
    }
  }
}

export const rowCount = (format: ExportFormat): RowCount =>
  format === "geojson" ? new Features() : new Lines(format === "csv");
