const DOCS = "https://code.claude.com/docs/en/quickstart";

/** What to say to who has not started: an invitation, since a seat that is idle has a reason more often than not. */
export function Invitation({ count }: { count: number | null }) {
  if (count === 0) return "Everybody on the roster has started.";
  return (
    <>
      Invite them, and ask what is missing: it is as often a log-in, a blocked network or an old
      laptop as a lack of interest. A first hour:{" "}
      <a href={DOCS} target="_blank" rel="noreferrer">
        the quick start
      </a>
      .
    </>
  );
}
