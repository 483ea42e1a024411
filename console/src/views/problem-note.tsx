import type { JSX } from "preact";
import type { Problem } from "../api/problem";
import { text, word } from "../i18n";
import type { ProblemCode } from "../i18n/words";
import { Icon } from "./icons";

function titleOf(problem: Problem): string {
  const known = text.value.words.problems[problem.code as ProblemCode];
  return known ?? (problem.title || word("problems", problem.code));
}

interface ProblemNoteProps {
  problem: Problem;
  /** What it is about: the name of a field. */
  about?: string;
  retry?: () => void;
}

/** A problem in the reader's language as far as the page knows it, with the server's own detail and hint. */
export function ProblemNote({ problem, about, retry }: ProblemNoteProps): JSX.Element {
  return (
    <div class="problem" role="alert">
      <Icon name="warning" />
      <div>
        <strong>{about === undefined ? titleOf(problem) : `${about}${text.value.colon}${titleOf(problem)}`}</strong>
        {problem.detail && <p lang="en">{problem.detail}</p>}
        {problem.hint && (
          <p lang="en" class="hint">
            {problem.hint}
          </p>
        )}
        {retry && (
          <button type="button" class="quiet" onClick={retry}>
            {text.value.retry}
          </button>
        )}
      </div>
    </div>
  );
}
