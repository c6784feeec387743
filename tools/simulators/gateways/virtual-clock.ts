interface Timer {
  atMs: number
  run: () => unknown
}

/** Real time plus what tests have skipped. Timers run in their order as the clock passes them. */
export class VirtualClock {
  private skippedMs = 0
  private timers: Timer[] = []
  private running: Promise<void> = Promise.resolve()
  private readonly ticking = setInterval(() => void this.advance(0), 100).unref()

  now(): number {
    return Date.now() + this.skippedMs
  }

  after(ms: number, run: () => unknown): void {
    this.timers.push({ atMs: this.now() + ms, run })
  }

  /** One advance after the other: a timer may set further ones, and they run too if they are due. */
  advance(ms: number): Promise<void> {
    this.running = this.running.then(() => this.pass(ms))
    return this.running
  }

  stop(): void {
    clearInterval(this.ticking)
    this.timers = []
  }

  private async pass(ms: number): Promise<void> {
    const untilMs = this.now() + ms
    for (let next = this.takeDue(untilMs); next; next = this.takeDue(untilMs)) {
      this.skippedMs += Math.max(0, next.atMs - this.now())
      await next.run()
    }
    this.skippedMs += Math.max(0, untilMs - this.now())
  }

  private takeDue(untilMs: number): Timer | undefined {
    this.timers.sort((a, b) => a.atMs - b.atMs)
    return this.timers[0] && this.timers[0].atMs <= untilMs ? this.timers.shift() : undefined
  }
}
