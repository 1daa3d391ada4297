/** The emulator's vocabulary of faults, spread out: each kind in each of its manners. Types only. */
import type { Fault } from "@ossicle/oss-emulator";

type Field<F extends Fault> = Exclude<keyof F, "kind">;
/** The values that a fault lets one choose from, as in `when`. */
type Choice<F extends Fault> = {
  [Name in Field<F>]-?: F[Name] extends string | undefined
    ? string extends F[Name]
      ? never
      : Exclude<F[Name], undefined>
    : never;
}[Field<F>];
/** The names of what a fault can be told to do besides. */
type Flag<F extends Fault> = {
  [Name in Field<F>]-?: F[Name] extends boolean | undefined ? Name & string : never;
}[Field<F>];
/** `refuse`, `reset in-body`, `html effect`. */
type MannerOf<F extends Fault> = F extends Fault
  ? ([Choice<F>] extends [never] ? F["kind"] : never) | `${F["kind"]} ${Choice<F> | Flag<F>}`
  : never;
export type Manner = MannerOf<Fault>;
/** The fault that is meant. */
export type FaultOf<M extends Manner> = Extract<Fault, { kind: KindOf<M> }>;
type KindOf<M extends Manner> = M extends `${infer Kind} ${string}` ? Kind : M;
