import { type RowSpec, type Scalar, Spec } from '../core/rows.ts'

/** Compares rows with the descriptions of their statements. Part of test builds only: see `unit.ts`. */

/** Lists every difference between a value and its description, each with its path. */
export function misfitsOf(spec: RowSpec, value: unknown, path = 'row'): string[] {
  if (!(spec instanceof Spec)) return misfitsOfObject(spec, value, path)
  const { shape } = spec
  switch (shape.kind) {
    case 'nullable':
      return value === null ? [] : misfitsOf(shape.of, value, path)
    case 'either':
      return shape.of.map((kind) => misfitsOf(kind, value, path)).reduce(fewer)
    case 'narrowed':
      return misfitsOf(shape.of, value, path)
    case 'list':
      if (!Array.isArray(value)) return [misfit(path, 'a list', value)]
      return value.flatMap((item, index) => misfitsOf(shape.of, item, `${path}[${index}]`))
    case 'oneOf':
      return shape.values.includes(value) ? [] : [misfit(path, `one of ${shape.values.join(', ')}`, value)]
    default:
      return isScalar(shape.kind, value) ? [] : [misfit(path, shape.kind, value)]
  }
}

const fewer = (one: string[], other: string[]): string[] => (other.length < one.length ? other : one)

const patterns = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  date: /^\d{4}-\d\d-\d\d$/,
}

function isScalar(kind: Scalar, value: unknown): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string'
    case 'int':
      return Number.isSafeInteger(value)
    case 'number':
      return Number.isFinite(value)
    case 'bool':
      return typeof value === 'boolean'
    case 'json':
      return value !== null && value !== undefined
    default:
      return typeof value === 'string' && patterns[kind].test(value)
  }
}

function misfitsOfObject(spec: { readonly [key: string]: RowSpec }, value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [misfit(path, 'an object', value)]
  const unknown = Object.keys(value).filter((key) => !Object.hasOwn(spec, key))
  const known = Object.entries(spec).flatMap(([key, of]) =>
    Object.hasOwn(value, key)
      ? misfitsOf(of, (value as Record<string, unknown>)[key], `${path}.${key}`)
      : [`${path}.${key}: is missing`],
  )
  return [...unknown.map((key) => `${path}.${key}: is not described`), ...known]
}

const misfit = (path: string, expected: string, value: unknown): string =>
  `${path}: is not ${expected}, but ${JSON.stringify(value)}`

/** A statement as it was sent, with the description of its rows. */
export interface Sent {
  text: string
  params: unknown[]
  row: RowSpec
}

/** Findings of the tests of a file; `test/support/rows-fit.ts` takes them after each. */
const found = { misfits: [] as string[], seen: new Set<string>(), empty: new Map<string, Sent>() }

/** Throws for rows that differ from their description. */
export function checkRows(sent: Sent, rows: unknown[]): void {
  keepInMind(sent, rows)
  const misfits = new Set(rows.flatMap((row) => misfitsOf(sent.row, row)))
  if (misfits.size === 0) return
  const message = `${[...misfits].join('\n')}\nin the rows of: ${sent.text}`
  found.misfits.push(message)
  throw new Error(message)
}

function keepInMind(sent: Sent, rows: unknown[]): void {
  if (columnsIn(sent.row) === null || found.seen.has(sent.text)) return
  if (rows.length === 0) found.empty.set(sent.text, sent)
  else {
    found.seen.add(sent.text)
    found.empty.delete(sent.text)
  }
}

/** Returns the described columns; null for rows that are described as a whole. */
function columnsIn(row: RowSpec): object | null {
  if (!(row instanceof Spec)) return row
  if (row.shape.kind === 'narrowed') return columnsIn(row.shape.of)
  return row.shape.kind === 'either' ? columnsIn(row.shape.of[0] ?? {}) : null
}

/** Misfits since the last call: an error that a job catches is visible only here. */
export const takeMisfits = (): string[] => found.misfits.splice(0)

/** Statements that have never returned a row: only the names of their columns can be compared. */
export function takeEmpty(): Sent[] {
  const all = [...found.empty.values()]
  for (const { text } of all) found.seen.add(text)
  found.empty.clear()
  return all
}

/** Lists columns that a statement returns and does not describe, describes and does not return, or returns twice. */
export function misnamed({ row, text }: Sent, names: string[]): string[] {
  const described = Object.keys(columnsIn(row) ?? {})
  const wrong = [
    ...names.filter((name) => !described.includes(name)).map((name) => `${name}: is not described`),
    ...described.filter((name) => !names.includes(name)).map((name) => `${name}: is missing`),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name}: is there twice`),
  ]
  return wrong.length === 0 ? [] : [`${wrong.join('\n')}\nin the columns of: ${text}`]
}
