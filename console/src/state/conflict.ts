/** A form's fields as text, by name. */
type Draft<F extends string> = Record<F, string>;

/** A field that somebody else has changed while a form was open. */
export interface Difference<F extends string> {
  field: F;
  was: string;
  theirs: string;
  mine: string;
  /** Here it was changed too, to something else. */
  isBoth: boolean;
}

export const changedAmong = <F extends string>(fields: readonly F[], before: Draft<F>, after: Draft<F>): F[] =>
  fields.filter((field) => before[field].trim() !== after[field].trim());

/** What somebody else changed from `was` to `theirs`, against what is wanted here. */
export function differences<F extends string>(
  fields: readonly F[],
  was: Draft<F>,
  theirs: Draft<F>,
  mine: Draft<F>,
): Difference<F>[] {
  const own = changedAmong(fields, was, mine);
  return changedAmong(fields, was, theirs).map((field) => ({
    field,
    was: was[field],
    theirs: theirs[field],
    mine: mine[field],
    isBoth: own.includes(field) && mine[field].trim() !== theirs[field].trim(),
  }));
}

/** Their state with what was changed here, as far as it is to be kept. */
export function joinedDrafts<F extends string>(
  fields: readonly F[],
  was: Draft<F>,
  theirs: Draft<F>,
  mine: Draft<F>,
  keep: "mine" | "theirs",
): Draft<F> {
  const given = keep === "mine" ? [] : differences(fields, was, theirs, mine).filter(({ isBoth }) => isBoth);
  const own = changedAmong(fields, was, mine).filter((field) => !given.some((one) => one.field === field));
  return Object.assign({ ...theirs }, ...own.map((field) => ({ [field]: mine[field] }))) as Draft<F>;
}
