import { request } from "./client";
import { Problem } from "./problem";

/** An element only says that it could not load: the server is asked why. */
export async function whyNot(url: string): Promise<Problem | null> {
  try {
    const response = await request(url, { headers: { Range: "bytes=0-0" }, cache: "no-store" });
    await response.body?.cancel();
    return null;
  } catch (error) {
    return error instanceof Problem ? error : null;
  }
}
