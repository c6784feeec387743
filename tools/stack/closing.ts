export type Close = () => Promise<void> | void

/** Closes what was opened, in reverse order. One that fails does not keep the others open. */
export class Closing {
  readonly #closers: Close[] = []

  add(close: Close): void {
    this.#closers.push(close)
  }

  async close(): Promise<void> {
    const errors: unknown[] = []
    for (let close = this.#closers.pop(); close; close = this.#closers.pop()) {
      try {
        await close()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }
}
