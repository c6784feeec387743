/**
 * Description of rows as they arrive, as JSON. The TypeScript type of a row is derived from its description, and test builds
 * compare every row with it (`src/db/row-check.ts`); otherwise it is only data.
 */
export type RowSpec = Spec<unknown> | { readonly [key: string]: RowSpec }

/** The type of the values that fit a description. */
export type RowOf<D> = D extends Spec<infer T> ? T : { -readonly [K in keyof D]: RowOf<D[K]> }

export type Scalar = 'text' | 'uuid' | 'time' | 'date' | 'int' | 'number' | 'bool' | 'json'

export type Shape =
  | { kind: Scalar }
  | { kind: 'oneOf'; values: readonly unknown[] }
  | { kind: 'nullable' | 'list' | 'narrowed'; of: RowSpec }
  | { kind: 'either'; of: readonly RowSpec[] }

/** Describes one value, of the type `T`. */
export class Spec<T> {
  declare readonly type: T
  readonly shape: Shape
  constructor(shape: Shape) {
    this.shape = shape
  }
}

export const text = new Spec<string>({ kind: 'text' })
export const uuid = new Spec<string>({ kind: 'uuid' })
/** RFC 3339 in UTC with milliseconds, as `isoTime` of `src/db/json.ts` writes it. */
export const time = new Spec<string>({ kind: 'time' })
/** `YYYY-MM-DD`. */
export const date = new Spec<string>({ kind: 'date' })
export const int = new Spec<number>({ kind: 'int' })
export const number = new Spec<number>({ kind: 'number' })
export const bool = new Spec<boolean>({ kind: 'bool' })

export const oneOf = <const V extends string | number | boolean>(values: readonly V[]): Spec<V> =>
  new Spec({ kind: 'oneOf', values })

export const nullable = <D extends RowSpec>(of: D): Spec<RowOf<D> | null> =>
  new Spec({ kind: 'nullable', of })

export const list = <D extends RowSpec>(of: D): Spec<RowOf<D>[]> => new Spec({ kind: 'list', of })

/** A row of one kind or of another, with the same columns; mostly a `oneOf` tells which. */
export const either = <D extends readonly [RowSpec, ...RowSpec[]]>(...of: D): Spec<RowOf<D[number]>> =>
  new Spec({ kind: 'either', of })

/** Every column of `row`, or null. */
export function nullables<D extends { readonly [key: string]: RowSpec }>(
  row: D,
): { [K in keyof D]: Spec<RowOf<D[K]> | null> } {
  const columns = Object.entries(row).map(([key, of]) => [key, nullable(of)])
  return Object.fromEntries(columns)
}

/** Any value but null, for values without a fixed shape. `T` is not checked. */
export const json = <T>(): Spec<T> => new Spec({ kind: 'json' })

/** The same as `of`, under a narrower type that is not checked: for values whose type depends on another value. */
export const narrowed = <T>(of: RowSpec): Spec<T> => new Spec({ kind: 'narrowed', of })

export function pick<D extends object, K extends keyof D>(row: D, ...keys: K[]): Pick<D, K> {
  return Object.fromEntries(keys.map((key) => [key, row[key]])) as Pick<D, K>
}

export function omit<D extends object, K extends keyof D>(row: D, ...keys: K[]): Omit<D, K> {
  const kept = Object.entries(row).filter(([key]) => !keys.includes(key as K))
  return Object.fromEntries(kept) as Omit<D, K>
}
