import type { Adoption } from "../client/types.ts";
import { useDoors } from "../doors/doors.ts";
import type { Reading } from "../reading/reading.ts";
import { UploadDesk } from "./UploadDesk.tsx";

export interface UploadSectionProps {
  adoption: Reading<Adoption>;
  onAgain: () => void;
}

/** Where exports are handed in; absent where nobody could hand any in: signed out, or with the app away. */
export function UploadSection({ adoption, onAgain }: UploadSectionProps) {
  const doors = useDoors();
  if (!doors || !answers(adoption)) return null;
  return <UploadDesk doors={doors} onAgain={onAgain} />;
}

function answers(adoption: Reading<Adoption>): boolean {
  if (adoption.state === "problem") {
    const { status, type } = adoption.problem;
    return status < 500 && status !== 401 && type !== "/problems/forbidden";
  }
  return adoption.state === "data" && !adoption.unreachable;
}
