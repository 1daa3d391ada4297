/**
 * How many requests may be under way if the app does not say: three at first. Twice as many are tried, and as many of them are kept as
 * carry more: where connections share one line, more of them only make parts slower. Half as many when the store refuses requests as too
 * many, or the line goes silent. Pure.
 */

/** Three hide each other's round trips on any line, and leave something for other pages. */
const atFirst = 3;
/** Bytes per second. A line that carries so much is wide: parts are short on it, and all connections may be used at once. */
const wide = 4e6;
/** A trial is judged when each connection has stored so many parts. */
const roundsOfTrial = 2;
/** After a trial each stores so many before there is another one, unless the speed has changed by a third. */
const roundsOfRest = 30;
/** A trial that carries so many times more is over at once. */
const clearlyMore = 1.6;
/** Two suffice where the smallest part takes longer than this, in seconds, if each connection sends one. */
const slowSeconds = 3;
const smallestPart = 128 * 1024;
/** So many requests more wait in the browser where bodies take hardly more than round trips: a connection that is free has the next at once. */
const mostWaiting = 2;
/** A body tells of the number of connections if on average this share of them was used while it was under way. */
const usedEnough = 0.75;

/** A request that is under way. */
export interface Counted {
  /** How often the number had changed when it began: it says nothing about the number after a change. */
  readonly era: number;
}

/** What a stored body says of the line. In milliseconds. */
export interface Carried {
  readonly bytes: number;
  readonly ms: number;
  /** Its share of the time of the page: what it took, divided by the bodies that were under way at the same time. */
  readonly shareMs: number;
  /** The same without its round trips. */
  readonly bodyMs: number;
}

interface Sum {
  readonly bytes: number;
  readonly shareMs: number;
  readonly bodyMs: number;
  readonly count: number;
}

const nothing: Sum = { bytes: 0, shareMs: 0, bodyMs: 0, count: 0 };

/** Why there are as many as there are. Speeds in bytes per second, without round trips. */
type Reason =
  | { readonly kind: "at first" }
  /** There were so many when they were too many. Each round of stored parts adds one. */
  | { readonly kind: "cut"; readonly upTo: number }
  /** Twice as many as before are on trial. */
  | { readonly kind: "trial"; readonly before: number; readonly speed: number }
  /** A trial has shown how many are of use; `speed` is undefined where bodies only took round trips. */
  | { readonly kind: "rest"; readonly speed: number | undefined };

export class ConnectionCount {
  readonly #most: number;
  readonly #isFixed: boolean;
  #allowed: number;
  #reason: Reason = { kind: "at first" };
  #areShared: boolean | undefined;
  #era = 0;
  /** What was stored since the number changed. */
  #sum = nothing;
  /** How many bodies in a row took hardly more than round trips. */
  #briefOnes = 0;

  /** @param first how many to begin with, if the app has not decided. Default 3 */
  constructor(most: number, { isFixed = false, first = atFirst } = {}) {
    this.#most = most;
    this.#isFixed = isFixed;
    this.#allowed = isFixed ? most : Math.min(first, most);
    if (isFixed) this.#areShared = false;
  }

  /** While bodies take hardly more than round trips they do not fill the line: all connections are of use. */
  get allowed(): number {
    return this.#isFilled ? this.#allowed : this.#most;
  }

  /** So many requests more may be handed to the browser. It sends none of them before a connection is free, where these are as many. */
  get waiting(): number {
    return this.#isFilled || this.#isFixed ? 0 : mostWaiting;
  }

  get #isFilled(): boolean {
    return this.#briefOnes < this.#allowed || this.#reason.kind === "cut";
  }

  /** How many are of use for bodies that fill the line. */
  get forParts(): number {
    return this.#allowed;
  }

  /** Do the connections share one line? If not each one that was added carried more. undefined while nothing was tried. */
  get areShared(): boolean | undefined {
    return this.#areShared;
  }

  began(): Counted {
    return { era: this.#era };
  }

  /** A part or object was stored. One that used fewer connections than there may be says nothing about their number. */
  stored(request: Counted, body: Carried): void {
    this.#briefOnes = 0;
    const usedAll = body.ms >= body.shareMs * this.#allowed * usedEnough;
    if (this.#isFixed || request.era !== this.#era || !usedAll) return;
    this.#sum = {
      bytes: this.#sum.bytes + body.bytes,
      shareMs: this.#sum.shareMs + body.shareMs,
      bodyMs: this.#sum.bodyMs + body.bodyMs,
      count: this.#sum.count + 1,
    };
    if (this.#sum.count >= this.#allowed) this.#consider();
  }

  /** An object was stored that took hardly more than round trips. It says nothing of the line, but that the store takes so many. */
  storedBriefly(request: Counted): void {
    if (this.#isFixed) return;
    this.#briefOnes += 1;
    if (request.era !== this.#era || this.#reason.kind !== "cut") return;
    this.#sum = { ...this.#sum, count: this.#sum.count + 1 };
    if (this.#sum.count >= this.#allowed) this.#recover(this.#reason.upTo, undefined);
  }

  /** It was refused as one too many, or went silent. The number is cut once for all requests that were under way together. */
  choked(request: Counted): void {
    if (this.#isFixed || request.era !== this.#era) return;
    const upTo = this.#reason.kind === "cut" ? this.#reason.upTo : this.allowed;
    this.#change(Math.max(1, Math.floor(this.allowed / 2)), { kind: "cut", upTo });
  }

  /** Each connection has stored one part at least since the number changed. */
  #consider(): void {
    const { bytes, shareMs, bodyMs, count } = this.#sum;
    const speed = (bytes / bodyMs) * 1000;
    const rounds = count / this.#allowed;
    const reason = this.#reason;
    if (reason.kind === "trial") {
      const isClear = speed >= reason.speed * clearlyMore;
      if (isClear || rounds >= roundsOfTrial) this.#judge(reason, speed);
      return;
    }
    if (reason.kind === "cut") {
      this.#recover(reason.upTo, speed);
      return;
    }
    const enough = sufficient((bytes / shareMs) * 1000);
    const before = reason.kind === "rest" ? (reason.speed ?? speed) : speed;
    const changed = Math.max(speed / before, before / speed);
    if (this.#allowed > enough) this.#change(enough, { kind: "rest", speed });
    else if (reason.kind === "at first" || rounds >= roundsOfRest || (rounds >= roundsOfTrial && changed > 4 / 3)) {
      this.#try(Math.min(2 * this.#allowed, this.#most, enough), speed);
    }
  }

  #recover(upTo: number, speed: number | undefined): void {
    if (this.#allowed + 1 >= upTo) this.#change(upTo, { kind: "rest", speed });
    else this.#change(this.#allowed + 1, { kind: "cut", upTo });
  }

  #try(more: number, speed: number): void {
    if (more > this.#allowed) this.#change(more, { kind: "trial", before: this.#allowed, speed });
    else this.#change(this.#allowed, { kind: "rest", speed });
  }

  /** Keeps as many as have carried more. On a wide line all are kept: parts are short there. */
  #judge({ before, speed: alone }: Extract<Reason, { readonly kind: "trial" }>, speed: number): void {
    const worth = Math.round((before * speed) / alone);
    const allowed = speed >= wide ? this.#allowed : Math.min(Math.max(before, worth), this.#allowed);
    this.#areShared = worth < this.#allowed;
    this.#change(allowed, { kind: "rest", speed });
  }

  #change(allowed: number, reason: Reason): void {
    this.#allowed = allowed;
    this.#reason = reason;
    this.#era += 1;
    this.#sum = nothing;
  }
}

/** @returns how many connections can be of use at that speed */
function sufficient(bytesPerSecond: number): number {
  return Math.max(2, Math.floor((bytesPerSecond * slowSeconds) / smallestPart));
}
