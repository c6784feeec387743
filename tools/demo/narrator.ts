import { Failure } from './failure.ts'

const isTerminal = process.stdout.isTTY === true && !process.env.NO_COLOR
const paint = (code: number) => (text: string) => (isTerminal ? `\x1b[${code}m${text}\x1b[0m` : text)
const [bold, dim, red, green] = [paint(1), paint(2), paint(31), paint(32)]

/** Tells the story as it happens, with the milliseconds since it began. */
export class Narrator {
  readonly #startedAt = performance.now()
  #chapter = ''
  #lastStep = ''
  steps = 0

  get elapsedMs(): number {
    return Math.round(performance.now() - this.#startedAt)
  }

  chapter(title: string): void {
    this.#chapter = title
    console.log(`\n${bold(title)}`)
  }

  /** A step that has been checked. */
  tell(text: string): void {
    this.#lastStep = text
    this.steps += 1
    console.log(`${dim(`${this.elapsedMs}`.padStart(7))}  ${text}`)
  }

  note(text: string): void {
    console.log(dim(`${' '.repeat(9)}${text}`))
  }

  end(text: string): void {
    console.log(`\n${green(text)}`)
  }

  table(rows: string[][]): void {
    const widths = (rows[0] ?? []).map((_, column) =>
      Math.max(...rows.map((row) => (row[column] ?? '').length)),
    )
    for (const row of rows) {
      const cells = row.map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      console.log(`${' '.repeat(9)}${cells.join('   ')}`)
    }
  }

  /** Prints what broke, and where to look. */
  broke(error: unknown, lastCall: string | undefined): void {
    console.error(`\n${red('The story broke')} after ${this.elapsedMs} ms, in "${this.#chapter}"`)
    console.error(`  after     ${this.#lastStep || 'the beginning'}`)
    if (error instanceof Failure) {
      console.error(`  expected  ${error.evidence.expected}`)
      console.error(`  came      ${error.evidence.came}`)
    } else {
      console.error(`  came      ${error instanceof Error ? error.stack : String(error)}`)
    }
    const call = (error instanceof Failure && error.evidence.call) || (lastCall && `last: ${lastCall}`)
    if (call) console.error(`  call      ${call}`)
  }
}

/** Minor units as people write them. */
export function money(amountMinor: number, currency: string): string {
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
  // Credits have no parts.
  const fraction = currency === 'XKC' ? 0 : (digits.maximumFractionDigits ?? 2)
  const value = amountMinor / 10 ** fraction
  return `${new Intl.NumberFormat('en', { minimumFractionDigits: fraction }).format(value)} ${currency}`
}
