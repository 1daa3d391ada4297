/** What the parts of the page share: the uploader in use, every request it makes, and the way to another store. */
import type { RequestTrace, StoreAdapter, Uploader, WorkerOptions } from "@ossicle/core";
import { connect } from "../upload/connect.js";

/** Where files go. */
export interface Place {
  readonly store: StoreAdapter;
  /** Shown in the head: "https://…/bucket". */
  readonly name: string;
  /** The emulator that comes with the page: only this can be broken on purpose, and its objects can be opened. */
  readonly isLocal: boolean;
}

export interface Page {
  /** Another one after `use`. */
  readonly uploader: Uploader;
  readonly place: Place;
  /** Closes the uploader in use, keeping what it stored, and goes on with another store. */
  use(place: Place): Promise<void>;
  /** Back to the emulator that the page began with. */
  useLocal(): Promise<void>;
  /** Called after `use`. All three return how to stop it. */
  onPlace(listener: (place: Place) => void): () => void;
  /** Every request that ended, of whichever uploader. */
  onRequest(listener: (trace: RequestTrace) => void): () => void;
  /** Politely, to screen readers. */
  announce(sentence: string): void;
  /** On top of the page, until it is dismissed. */
  showError(error: unknown): void;
}

export interface PageOptions extends Pick<Page, "announce" | "showError"> {
  readonly local: Place;
  readonly workers: WorkerOptions;
}

export function createPage({ local, workers, announce, showError }: PageOptions): Page {
  const places = new Set<(place: Place) => void>();
  const requests = new Set<(trace: RequestTrace) => void>();
  const onRequest = (trace: RequestTrace) => {
    for (const listener of [...requests]) listener(trace);
  };
  let place = local;
  let uploader = connect(local.store, { onRequest, workers });

  async function use(wanted: Place): Promise<void> {
    await uploader.close();
    place = wanted;
    uploader = connect(wanted.store, { onRequest, workers });
    for (const listener of [...places]) listener(wanted);
  }

  return {
    get uploader() {
      return uploader;
    },
    get place() {
      return place;
    },
    use,
    useLocal: () => use(local),
    onPlace: (listener) => listen(places, listener),
    onRequest: (listener) => listen(requests, listener),
    announce,
    showError,
  };
}

function listen<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
