/** Where the upload stands in the page. */
export const UPLOAD_ID = "scoreboard-upload";
