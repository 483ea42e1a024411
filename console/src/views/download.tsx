import type { JSX } from "preact";
import { request } from "../api/client";
import { saveAs } from "../save-as";
import { useAct } from "./act";
import { Icon } from "./icons";
import { ProblemNote } from "./problem-note";

const nameOf = (response: Response): string | null =>
  /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? null;

interface DownloadProps {
  address: string;
  /** What the file is called where the server does not say it. */
  name: string;
  words: string;
  title?: string;
}

/** A file of the server's. Where one may not have it, the reason stands beside: a plain link would only fail. */
export function Download({ address, name, words, title }: DownloadProps): JSX.Element {
  const { isBusy, problem, act } = useAct();
  const fetchIt = (event: MouseEvent) => {
    event.preventDefault();
    if (isBusy) return;
    void act(async () => {
      const response = await request(address);
      saveAs(await response.blob(), nameOf(response) ?? name);
    });
  };
  return (
    <>
      <a class="button quiet" href={address} download title={title} aria-busy={isBusy} onClick={fetchIt}>
        <Icon name={isBusy ? "busy" : "download"} />
        {words}
      </a>
      {problem && <ProblemNote problem={problem} />}
    </>
  );
}
