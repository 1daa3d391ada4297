/** What can be done about a drive that gives neither bytes nor an error. */
export const silentDrive =
  "Its drive does not answer: is the network drive, phone or cloud folder connected? Then resume(): what is stored is kept.";
