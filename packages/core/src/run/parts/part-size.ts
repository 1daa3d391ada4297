/** Decides how large the next part is, when it is cut, by what was stored until then. Pure. */

export const KiB = 1024;
export const MiB = 1024 * KiB;

/** What is known of the line between page and store. */
export interface LineSpeed {
  /** Of the whole page, over all connections; undefined while nothing is known. */
  readonly bytesPerSecond: number | undefined;
  readonly roundTripMs: number | undefined;
  /** How many parts are sent side by side. */
  readonly connections: number;
  /** Do the connections share one line? Then the others use it while one waits for an answer. undefined while nobody knows. */
  readonly areShared: boolean | undefined;
  /** No request tells how much of its body has left. */
  readonly isBlind: boolean;
  /** Larger bodies are refused by something on the way. Bytes. */
  readonly largestBody: number;
}

/** How far an upload is, in bytes. */
export interface HowFar {
  /** How many parts were cut. */
  readonly parts: number;
  readonly storedBytes: number;
  /** What has not left the page: not cut yet, or cut and not sent. */
  readonly unsentBytes: number;
}

/** A reload loses what is on its way: no more than so many seconds of the line … */
const secondsOnTheWay = 2;
/** … or this share of what is stored. */
const shareOnTheWay = 1 / 10;
/** Each part costs the page some milliseconds beside its bytes. */
const leastSeconds = 1 / 4;
/** A part costs two round trips beside its bytes: the preflight's and its own. On a line of its own it should last so many … */
const roundTripsAlone = 80;
const mostSecondsAlone = 6;
/** … and so many while nobody knows whether it has one. */
const roundTripsUnknown = 16;
const mostSecondsUnknown = 1;
/** Where others use the line meanwhile, they need bytes for two round trips, and several times that because they do not take turns. */
const roundTripsOfOthers = 8;
const mostSecondsBeside = 2.5;
/** What a part would leave of a gap is taken with it if it is a smaller share of the part than this: it would cost round trips of its own. */
const crumb = 1 / 8;
const largestPart = 64 * MiB;
const largestBlindPart = MiB;

/** A file up to this size is sent in one request while nothing is known of the line … */
const leastInOne = 256 * KiB;
/** … and up to this one where the line carries it in `secondsOnTheWay`. A reload loses all of it. */
const mostInOne = 8 * MiB;

/** @returns bytes: how large a file may be that is sent in one request */
export function inOneRequest({ bytesPerSecond = 0, largestBody }: LineSpeed): number {
  const size = Math.max(leastInOne, Math.min(mostInOne, bytesPerSecond * secondsOnTheWay));
  return Math.min(Math.floor(size), largestBody);
}

/**
 * @param gapBytes what the part is cut from
 * @returns bytes, a whole number of units, at least one; may be more than the gap
 */
export function nextPartSize(
  line: LineSpeed,
  { parts, storedBytes, unsentBytes }: HowFar,
  unit: number,
  gapBytes = Number.POSITIVE_INFINITY,
): number {
  const { bytesPerSecond, connections, areShared, isBlind, largestBody } = line;
  if (bytesPerSecond === undefined) return unit;
  const each = bytesPerSecond / connections;
  const patient = Math.min(each * secondsOnTheWay, (storedBytes * shareOnTheWay) / connections);
  const most = Math.min(
    largestPart,
    largestBody,
    isBlind ? Math.min(largestBlindPart, each * secondsOnTheWay) : largestPart,
  );
  const wanted = Math.max(patient, each * leastSeconds, hiding(line, each));
  const size = Math.min(areShared === false ? wanted : wanted * uneven(parts), most);
  // Connections that get equal shares of what is left end together.
  const share = unsentBytes / connections;
  const even = share / Math.max(1, Math.round(share / size));
  const taken = gapBytes - even < even * crumb ? gapBytes : even;
  return Math.max(1, Math.min(Math.ceil(taken / unit), Math.floor(most / unit))) * unit;
}

/** @returns how large a part has to be for its round trips not to slow the upload down */
function hiding({ roundTripMs = 0, connections, areShared }: LineSpeed, each: number): number {
  const seconds = roundTripMs / 1000;
  if (areShared === undefined) return each * Math.min(roundTripsUnknown * seconds, mostSecondsUnknown);
  if (!areShared || connections === 1) return each * Math.min(roundTripsAlone * seconds, mostSecondsAlone);
  return each * Math.min((connections * roundTripsOfOthers * seconds) / (connections - 1), mostSecondsBeside);
}

/**
 * Parts of one size that begin together end together, and then all wait for answers at once, again and again.
 * @returns 0.7 to 1.3, for parts one after the other as far apart as can be
 */
function uneven(parts: number): number {
  return 0.7 + 0.6 * ((parts * 0.618) % 1);
}
