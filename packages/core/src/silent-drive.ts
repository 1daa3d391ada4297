/** What a developer, and a user, can do about a drive that gives neither bytes nor an error. */
export const silentDrive =
  "The drive that the file lies on does not answer. Let the user look at it: is the network drive, the phone or the cloud folder " +
  "still connected? resume() goes on then; what is stored is kept.";
