/** The open connections, and the network between clients and emulator, which can be cut and throttled. */
import type { Socket } from "node:net";
import { Pace } from "./pace.js";

/** The network between clients and emulator. */
export interface Network {
  /** Resets every connection, and every new one, until `restore`. The control API stays reachable. */
  cut(): void;
  restore(): void;
  readonly isCut: boolean;
  /**
   * Limits the bodies of all requests and answers together.
   *
   * @param bytesPerSecond more than 0; undefined for no limit
   * @throws RangeError for any other number
   */
  throttle(bytesPerSecond: number | undefined): void;
  /** The limit; undefined if there is none. */
  readonly bytesPerSecond: number | undefined;
}

interface Connection {
  readonly id: number;
  /** Number of requests that came over it. */
  requests: number;
  /** Number of requests on it that are being worked on. */
  busy: number;
  /** True if its last request was for the control API, which a cut network does not cut. */
  isControl: boolean;
  isBrowser: boolean;
}

export class Connections implements Network {
  readonly #open = new Map<Socket, Connection>();
  #count = 0;
  #isCut = false;
  #sharedPace: Pace | undefined;
  #bytesPerSecond: number | undefined;

  get isCut(): boolean {
    return this.#isCut;
  }

  get bytesPerSecond(): number | undefined {
    return this.#bytesPerSecond;
  }

  /** The pace of all connections together; undefined if the network is not throttled. */
  get sharedPace(): Pace | undefined {
    return this.#sharedPace;
  }

  add(socket: Socket): void {
    this.#count += 1;
    this.#open.set(socket, { id: this.#count, requests: 0, busy: 0, isControl: false, isBrowser: false });
    socket.once("close", () => this.#open.delete(socket));
  }

  /** Counts a request in. @returns `end`, which counts it out, and two fields for the log */
  begin(
    socket: Socket,
    client: Pick<Connection, "isControl" | "isBrowser">,
  ): { connection: number; isReused: boolean; end: () => void } {
    const connection = this.#open.get(socket) ?? { id: 0, requests: 0, busy: 0, ...client };
    connection.requests += 1;
    connection.busy += 1;
    Object.assign(connection, client);
    const end = (): void => {
      connection.busy -= 1;
    };
    return { connection: connection.id, isReused: connection.requests > 1, end };
  }

  cut(): void {
    this.#isCut = true;
    for (const [socket, { isControl, busy }] of this.#open) if (!isControl || busy === 0) socket.resetAndDestroy();
  }

  restore(): void {
    this.#isCut = false;
  }

  throttle(bytesPerSecond: number | undefined): void {
    if (bytesPerSecond !== undefined && !(bytesPerSecond > 0)) {
      throw new RangeError(`throttle: ${bytesPerSecond} is not a number of bytes per second`);
    }
    this.#sharedPace?.stop();
    this.#bytesPerSecond = bytesPerSecond;
    this.#sharedPace = bytesPerSecond === undefined ? undefined : new Pace(bytesPerSecond);
  }

  /**
   * Ends the idle connections of browsers. A browser that was about to send opens another connection. A program would see a reset,
   * so its connections stay.
   */
  closeIdleOfBrowsers(): void {
    for (const [socket, { busy, isBrowser }] of this.#open) {
      // Each call of `destroySoon` adds a listener, so a socket that is ending already is left out.
      if (busy === 0 && isBrowser && !socket.writableEnded) socket.destroySoon();
    }
  }

  closeAll(): void {
    for (const socket of this.#open.keys()) socket.destroy();
    this.#sharedPace?.stop();
  }
}
