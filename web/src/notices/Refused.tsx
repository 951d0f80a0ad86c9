import type { Problem } from "../client/types.ts";
import { Banner } from "./Banner.tsx";
import { Retry } from "./Retry.tsx";
import styles from "./notices.module.css";

export interface RefusedProps {
  problem: Problem;
  retryAfter?: number | undefined;
  onAgain: () => void;
}

/** There is no answer, and trust is not the reason: who is asking, what was asked for, or the app itself is. */
export function Refused({ problem, retryAfter, onAgain }: RefusedProps) {
  return (
    <Banner
      standing={problem.status >= 500 ? "warn" : "calm"}
      title={problem.title}
      role={problem.status >= 500 ? "alert" : "status"}
      action={cure(problem)}
    >
      <p className={styles.lead}>{problem.detail}</p>
      {problem.parameters && (
        <dl className={styles.parameters}>
          {problem.parameters.map((one) => (
            <div key={one.name}>
              <dt>
                <code>{one.name}</code>
              </dt>
              <dd>
                found <code>{one.found}</code>; expected {one.expected}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <Retry after={retryAfter} said={problem} onAgain={onAgain} />
      {problem.correlationId && (
        <p className={styles.small}>
          For whoever looks into the log: <code>{problem.correlationId}</code>
        </p>
      )}
    </Banner>
  );
}

function cure({ status, action, requiredRole }: Problem): string | undefined {
  if (action) return action;
  if (status === 401) return "Sign in again, then try again.";
  if (status === 403 && requiredRole)
    return `Ask an administrator for the role ${requiredRole}, then sign in again.`;
  if (status === 404) return "Look at the address that the tab was given.";
  if (status === 503) return "Nothing is lost. Wait a moment.";
  if (status >= 500) return "Tell an operator; the log says more.";
  return undefined;
}
