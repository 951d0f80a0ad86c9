/** One GET, asked in a way of the browser's HTTP cache, and what it ended in. */
import type { Problem } from "../client/types.ts";
import type { Outcome } from "./reading.ts";

/** What openapi-fetch returns, as far as it matters here. */
export interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** `cache`: "force-cache" takes whatever the browser has kept, "no-cache" has it revalidated by its ETag. */
export type Ask<T> = (init: { cache: RequestCache; signal: AbortSignal }) => Promise<Answered<T>>;

export async function request<T>(
  ask: Ask<T>,
  cache: RequestCache,
  signal: AbortSignal,
): Promise<Outcome<T>> {
  try {
    const { data, error, response } = await ask({ cache, signal });
    if (data !== undefined) return { state: "data", data, checking: false };
    return refused(error, response);
  } catch (error) {
    if (signal.aborted) throw error;
    return { state: "unreachable", unreachable: navigator.onLine ? "no-answer" : "offline" };
  }
}

function refused(error: unknown, response: Response): Outcome<never> {
  const problem = isProblem(error) ? error : unexplained(response);
  const seconds = Number(response.headers.get("Retry-After"));
  return { state: "problem", problem, ...(seconds > 0 && { retryAfter: seconds }) };
}

function isProblem(error: unknown): error is Problem {
  return typeof error === "object" && error !== null && "type" in error && "title" in error;
}

/** The platform's own refusals (EasyAuth's 401, a gateway's 502) bear no problem document. */
function unexplained({ status }: Response): Problem {
  const title = status === 401 ? "You are not signed in" : "The server gave no answer";
  const action = status === 401 ? "Sign in again, then reload." : "Try again in a minute.";
  return { type: "about:blank", title, status, detail: `HTTP ${status}.`, action };
}
