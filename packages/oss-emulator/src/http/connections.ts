/** The sockets: which are open, which are busy, whether the network is cut, and how fast the line is. */
import type { Socket } from "node:net";
import { Pace } from "./pace.js";

export interface Network {
  /** Drops every connection and refuses new ones, until `restore`. */
  cut(): void;
  restore(): void;
  readonly isCut: boolean;
  /** One line shared by all connections, both ways; undefined for as fast as it goes. */
  throttle(bytesPerSecond: number | undefined): void;
  readonly bytesPerSecond: number | undefined;
}

interface Connection {
  readonly id: number;
  requests: number;
  busy: number;
  /** Serves the control API: a cut network does not cut it. */
  isControl: boolean;
  isBrowser: boolean;
}

export class Connections implements Network {
  readonly #open = new Map<Socket, Connection>();
  #count = 0;
  #isCut = false;
  #line: Pace | undefined;
  #bytesPerSecond: number | undefined;

  get isCut(): boolean {
    return this.#isCut;
  }

  get bytesPerSecond(): number | undefined {
    return this.#bytesPerSecond;
  }

  /** The shared line, if it is throttled. */
  get line(): Pace | undefined {
    return this.#line;
  }

  add(socket: Socket): void {
    this.#count += 1;
    this.#open.set(socket, { id: this.#count, requests: 0, busy: 0, isControl: false, isBrowser: false });
    socket.once("close", () => this.#open.delete(socket));
  }

  /** Counts a request in. @returns how to count it out, and what the log wants to know */
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
    this.#line?.stop();
    this.#bytesPerSecond = bytesPerSecond;
    this.#line = bytesPerSecond === undefined ? undefined : new Pace(bytesPerSecond);
  }

  /**
   * Ends the browsers' connections on which nothing is going on. Not those of programs: one that is just about to send
   * would see a reset, where a browser opens another connection.
   */
  closeIdleOfBrowsers(): void {
    for (const [socket, { busy, isBrowser }] of this.#open) {
      // One that is ending already would wait for its end once more each time.
      if (busy === 0 && isBrowser && !socket.writableEnded) socket.destroySoon();
    }
  }

  closeAll(): void {
    for (const socket of this.#open.keys()) socket.destroy();
    this.#line?.stop();
  }
}
