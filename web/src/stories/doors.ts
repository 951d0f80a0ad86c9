/** Doors that answer out of docs/examples, by the name of the file; a receipt comes at the second asking. */
import type { Engineers, ExportCheck, ExportUpload, Problem, Status } from "../client/types.ts";
import type { Doors } from "../doors/doors.ts";
import type { Outcome } from "../reading/reading.ts";
import accepted from "../../../docs/examples/check-accepted.json";
import contradiction from "../../../docs/examples/check-contradiction.json";
import duplicate from "../../../docs/examples/check-duplicate.json";
import refused from "../../../docs/examples/check-refused.json";
import engineers from "../../../docs/examples/engineers.json";
import badParameter from "../../../docs/examples/problem-bad-parameter.json";
import forbidden from "../../../docs/examples/problem-forbidden.json";
import status from "../../../docs/examples/status.json";
import received from "../../../docs/examples/upload-received.json";
import waiting from "../../../docs/examples/upload-waiting.json";

const data = <T>(body: unknown): Outcome<T> => ({
  state: "data",
  data: body as T,
  checking: false,
});
const problem = (body: unknown): Outcome<never> => ({ state: "problem", problem: body as Problem });

function checked(file: File, asOf: string | undefined): Outcome<ExportCheck> {
  const kinds: [string, Outcome<ExportCheck>][] = [
    ["edited", data(refused)],
    ["fallen", data({ ...contradiction, turns: turned })],
    ["page", data({ ...contradiction, findings: [webPage] })],
    ["again", data(asOf ? accepted : duplicate)],
    ["@", problem(badParameter)],
    ["stranger", problem({ ...forbidden, requiredRole: "Usage.Upload" })],
    ["away", { state: "unreachable", unreachable: "no-answer" }],
  ];
  const found = kinds.find(([mark]) => file.name.includes(mark));
  return found ? found[1] : data({ ...accepted, name: file.name });
}

const webPage = {
  code: "source-error",
  note: "this is a web page saved as .csv: sign in and download again",
  expected: "a CSV file",
};

const turned = [
  {
    receiptId: "0000000000000002",
    name: "2026-11-20/claude_code_team_2026_11_01_to_2026_11_30.csv",
    before: "accepted",
    after: "contested",
  },
];

export function storyDoors(): Doors {
  let asked = 0;
  return {
    receipts: async () => data<Status>({ ...status, nextCursor: null }),
    engineers: async () => data<Engineers>({ ...engineers, nextCursor: null }),
    check: async (file, asOf) => checked(file, asOf),
    upload: async () => data<ExportUpload>(waiting),
    uploaded: async () => data<ExportUpload>(asked++ === 0 ? waiting : received),
  };
}
