import { max, median, min, quantile } from 'simple-statistics'
import type { Workshop } from './runtime.ts'

/** One block of figures. It runs alone, and leaves nothing behind. */
export interface Section {
  name: string
  run(options: BenchOptions): Promise<Report>
}

export interface BenchOptions {
  /** A tenth of the work: shows that it runs, not how fast. */
  quick: boolean
  workshop: Workshop
}

export interface Report {
  title: string
  /** How it was measured, in a few sentences. */
  method: string
  tables: Table[]
  goals: Goal[]
  /** Version, where one took part. */
  postgres?: string
}

export interface Table {
  columns: string[]
  rows: (string | number)[][]
}

export interface Goal {
  what: string
  goal: string
  figure: string
  met: boolean
}

export function markdownTable({ columns, rows }: Table): string {
  const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`
  const isNumber = (cell: string | number | undefined) => /^[-\d.,]+( [a-zA-Z%/]+)?$/.test(String(cell))
  const rule = columns.map((_, index) =>
    rows.length > 0 && rows.every((row) => isNumber(row[index])) ? '---:' : '---',
  )
  return [line(columns), line(rule), ...rows.map(line)].join('\n')
}

export const ms = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ms`
export const perSecond = (value: number): string => Math.round(value).toLocaleString('en-US')
export const mebibytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MiB`
export const kibibytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`

/** Progress goes to stderr, so that stdout is the report. */
export const say = (text: string): void => console.error(`  ${text}`)

export interface Spread {
  count: number
  p50: number
  p95: number
  p99: number
  max: number
}

export const spreadOf = (samples: number[]): Spread => {
  const [p50 = 0, p95 = 0, p99 = 0] = quantile(samples, [0.5, 0.95, 0.99])
  return { count: samples.length, p50, p95, p99, max: max(samples) }
}

/** Median and range of the rounds, as `1.23 (1.10–1.40)`. */
export const ranged = (rounds: number[], digits = 2): string =>
  `${median(rounds).toFixed(digits)} (${min(rounds).toFixed(digits)}–${max(rounds).toFixed(digits)})`
