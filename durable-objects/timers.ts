import { logFailure } from '../src/core/log.ts'

interface Timer {
  at: number
  failures: number
}

/**
 * Several timers on an object's single alarm. A timer's row is kept until its work is done, so that a crash in the
 * middle runs it again. Times in Unix milliseconds.
 */
export class Timers<Name extends string> {
  readonly #storage: DurableObjectStorage
  #known: Map<Name, Timer> | undefined

  static readonly table =
    `create table if not exists timers (name text primary key, at integer not null, failures integer not null default 0) without rowid`

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  /** Runs `name` at `at` or earlier: a timer that is set for earlier stays, and so does one that backs off. */
  set(name: Name, at: number): void {
    const current = this.#load().get(name)
    if (!current || (current.failures === 0 && at < current.at)) this.#put(name, { at, failures: 0 })
    else if (current.at > Date.now() - overdueMs) return
    this.#arm()
  }

  /**
   * From `alarm()`: runs what is due. `work` is level-triggered: from the state at its end it returns when it is
   * wanted again, or null; nothing set meanwhile can be lost. What throws is tried again later and later.
   */
  async runDue(work: Record<Name, () => Promise<number | null>>): Promise<void> {
    const now = Date.now()
    const due = [...this.#load()].filter(([, { at }]) => at <= now)
    await Promise.all(due.map(([name, { failures }]) => this.#run(name, failures, work[name])))
    this.#arm()
  }

  async #run(name: Name, failures: number, work: () => Promise<number | null>): Promise<void> {
    try {
      const next = await work()
      if (next === null) this.#drop(name)
      else this.#put(name, { at: next, failures: 0 })
    } catch (error) {
      this.#put(name, { at: Date.now() + backOffMs(failures + 1), failures: failures + 1 })
      logFailure('timer.failed', error, { name, failures })
    }
  }

  #load(): Map<Name, Timer> {
    this.#known ??= new Map(
      this.#storage.sql
        .exec<{ name: string; at: number; failures: number }>('select name, at, failures from timers')
        .toArray()
        .map(({ name, at, failures }) => [name as Name, { at, failures }]),
    )
    return this.#known
  }

  #put(name: Name, { at, failures }: Timer): void {
    const { sql } = this.#storage
    sql.exec('insert or replace into timers (name, at, failures) values (?, ?, ?)', name, at, failures)
    this.#load().set(name, { at, failures })
  }

  #drop(name: Name): void {
    this.#storage.sql.exec('delete from timers where name = ?', name)
    this.#load().delete(name)
  }

  #arm(): void {
    const times = [...this.#load().values()].map(({ at }) => at)
    if (times.length > 0) void this.#storage.setAlarm(Math.min(...times))
  }
}

/** So late that the runtime must have given up on the alarm. */
const overdueMs = 60_000

const longestBackOffMs = 5 * 60_000

/** 1 s, 2 s, 4 s … with jitter: a thousand objects must not return to a database that has just come back at once. */
const backOffMs = (failures: number): number => {
  const most = Math.min(longestBackOffMs, 1_000 * 2 ** Math.min(failures - 1, 10))
  return Math.round(most / 2 + (Math.random() * most) / 2)
}
