export type ExportFormat = "csv" | "ndjson" | "geojson";

const [QUOTE, LINE_END, BRACE] = [0x22, 0x0a, 0x7b];

/** Counts the events of a file as it comes in, piece by piece. */
export interface RowCount {
  add(piece: Uint8Array): void;
  readonly rows: number;
}

/** A table: a line of names first. A quoted cell may hold ends of lines. */
class TableRows implements RowCount {
  private lines = 0;
  private isQuoted = false;

  get rows(): number {
    return Math.max(0, this.lines - 1);
  }

  add(piece: Uint8Array): void {
    for (const byte of piece) {
      if (byte === QUOTE) this.isQuoted = !this.isQuoted;
      else if (byte === LINE_END && !this.isQuoted) this.lines += 1;
    }
  }
}

/** An object a line. */
class ObjectLines implements RowCount {
  rows = 0;

  /** What stands around the events of GeoJSON begins with the file, and is none. */
  constructor(private isAtStart: boolean) {}

  add(piece: Uint8Array): void {
    for (const byte of piece) {
      if (this.isAtStart && byte === BRACE) this.rows += 1;
      this.isAtStart = byte === LINE_END;
    }
  }
}

export const rowCount = (format: ExportFormat): RowCount =>
  format === "csv" ? new TableRows() : new ObjectLines(format === "ndjson");
