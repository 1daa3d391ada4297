/** The sentences of the panels below the uploads in English: requests, own bucket, diagnosis, recipes. */

export const panelsEn = {
  requests: { title: "Requests" },
  ownBucket: { title: "Your own bucket" },
  diagnosis: { title: "Check-up" },
  recipes: { title: "Code to take away" },
};
