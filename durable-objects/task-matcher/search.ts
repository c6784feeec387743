import { hardDeadlineFactor } from '../../src/areas/work/matching/hard-deadline.ts'
import type { OfferRow } from '../../src/areas/work/matching/offers.ts'

/** open a wave of offers → wait → close it → the next, or climb: to another way, as long as there is one, else it has expired → done */
export type Step = 'open' | 'wait' | 'close' | 'climb' | 'done'

export interface Position {
  step: Step
  wave: number
}

export interface SearchState extends Position {
  taskId: string
  /** Which search of the task it is: one that is posted again begins another. */
  round: number
  /** Unix milliseconds; only while waiting for answers, or for the next way. */
  endsAtMs: number
  /** Configuration as it was when the wave opened: how long it is open, and which is the last. */
  waveSeconds: number
  waves: number
}

export type ClosedBecause = 'expired' | 'withdrawn'

/** News of an offer for the channel of its tasker. */
export interface News {
  offerId: string
  taskerId: string
  data: Record<string, unknown>
  because: ClosedBecause | null
}

type OfferRecord = {
  offer_id: string
  tasker_id: string
  data: string
  because: ClosedBecause | null
}

/**
 * The whole state of the search for one task's tasker, in SQLite: an eviction at any moment changes nothing. Changes
 * that follow an answer of the database are guarded by the position they started from: while it was awaited, the task
 * may have been closed.
 */
export class Search {
  readonly #storage: DurableObjectStorage

  static readonly tables = `
    create table if not exists search (
      id integer primary key check (id = 1), task_id text not null, round integer not null, step text not null, wave integer not null,
      ends_at integer not null default 0, wave_seconds integer not null default 0, waves integer not null default 0
    );
    create table if not exists wave_offers (
      offer_id text primary key, tasker_id text not null, round integer not null, wave integer not null, data text not null,
      opened_at integer not null, status text not null check (status in ('open', 'answered', 'closed')),
      because text, is_attempted integer not null default 0, notified text not null default 'nothing',
      acknowledged_at integer, is_acknowledgement_saved integer not null default 0
    ) without rowid;`

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  get #sql(): SqlStorage {
    return this.#storage.sql
  }

  load(): SearchState | null {
    const [row] = this.#sql
      .exec<{
        task_id: string
        round: number
        step: Step
        wave: number
        ends_at: number
        wave_seconds: number
        waves: number
      }>('select task_id, round, step, wave, ends_at, wave_seconds, waves from search')
      .toArray()
    if (!row) return null
    const { task_id: taskId, round, step, wave, ends_at: endsAtMs, wave_seconds: waveSeconds, waves } = row
    return { taskId, round, step, wave, endsAtMs, waveSeconds, waves }
  }

  /** From the beginning; where it had ended, to see whether it really has. A later round begins anew, an earlier one is over. */
  begin(taskId: string, round: number): void {
    this.#storage.transactionSync(() => {
      this.#enter(taskId, round, 'open')
      this.#sql.exec("update search set step = 'open' where step = 'done' and round = ?", round)
    })
  }

  /** The task is closed, whether the search of this round has begun or not. What is heard late of an earlier round ends none. */
  end(taskId: string, round: number, answeredOfferId?: string): void {
    this.#storage.transactionSync(() => {
      if (answeredOfferId) this.answer(answeredOfferId)
      this.#enter(taskId, round, 'done')
      const changed = this.#sql.exec("update search set step = 'done' where round = ?", round)
      if (changed.rowsWritten > 0) this.#closeOpen('withdrawn')
    })
  }

  /** The row of the search is that of this round, unless a later one has begun. Offers of earlier ones are closed. */
  #enter(taskId: string, round: number, step: Step): void {
    const entered = this.#sql.exec(
      `insert into search (id, task_id, round, step, wave) values (1, ?, ?, ?, 1)
       on conflict (id) do update set round = excluded.round, step = excluded.step, wave = 1, ends_at = 0 where excluded.round > search.round`,
      taskId,
      round,
      step,
    )
    if (entered.rowsWritten > 0) this.#closeOpen('withdrawn')
  }

  move(from: SearchState, to: Position): boolean {
    const { step, wave } = to
    const changed = this.#sql.exec(
      'update search set step = ?, wave = ? where round = ? and step = ? and wave = ?',
      step,
      wave,
      from.round,
      from.step,
      from.wave,
    )
    return changed.rowsWritten > 0
  }

  saveWave(
    from: SearchState,
    offers: OfferRow[],
    { seconds, waves }: { seconds: number; waves: number },
  ): void {
    this.#storage.transactionSync(() => {
      if (!this.move(from, { step: 'wait', wave: from.wave })) return
      const endsAtMs = Date.now() + seconds * 1_000
      this.#sql.exec('update search set ends_at = ?, wave_seconds = ?, waves = ?', endsAtMs, seconds, waves)
      for (const offer of offers) {
        this.#sql.exec(
          'insert or ignore into wave_offers (offer_id, tasker_id, round, wave, data, opened_at, status) values (?, ?, ?, ?, ?, ?, ?)',
          offer.id,
          offer.taskerId,
          offer.round,
          offer.wave,
          JSON.stringify(dataOf(offer)),
          Date.now(),
          offer.status === 'pending' ? 'open' : 'answered',
        )
      }
    })
  }

  /** Nobody waits for the open wave any longer, nor for the next way. False when nobody did. */
  endWaveNow(): boolean {
    const changed = this.#sql.exec(
      "update search set ends_at = ? where step in ('wait', 'climb')",
      Date.now(),
    )
    return changed.rowsWritten > 0
  }

  /** Its time is up, or all who were asked have said no. */
  isWaveOver({ round, wave, endsAtMs }: SearchState): boolean {
    if (endsAtMs <= Date.now()) return true
    const { made, open } = this.#sql
      .exec<{ made: number; open: number }>(
        "select count(*) as made, count(*) filter (where status = 'open') as open from wave_offers where round = ? and wave = ?",
        round,
        wave,
      )
      .one()
    return made > 0 && open === 0
  }

  /** A wave that is not followed by another one climbs at once. */
  closeWave(from: SearchState, to: Position): void {
    this.#storage.transactionSync(() => {
      if (!this.move(from, to)) return
      this.#sql.exec('update search set ends_at = 0')
      this.#closeOpen('expired')
    })
  }

  waitForClimb({ round }: SearchState, endsAtMs: number): void {
    this.#sql.exec(
      "update search set ends_at = ? where step = 'climb' and round = ?",
      Math.max(endsAtMs, Date.now() + 1_000),
      round,
    )
  }

  #closeOpen(because: ClosedBecause): void {
    this.#sql.exec("update wave_offers set status = 'closed', because = ? where status = 'open'", because)
  }

  /** False when that was known, or is not ours to know. */
  answer(offerId: string): boolean {
    const changed = this.#sql.exec(
      "update wave_offers set status = 'answered' where offer_id = ? and status = 'open'",
      offerId,
    )
    return changed.rowsWritten > 0
  }

  /** The tasker has the time of a whole wave from now on, up to the hard deadline; the wave waits for it. */
  acknowledge(offerId: string): boolean {
    const now = Date.now()
    const waveMs = 1_000 * (this.load()?.waveSeconds ?? 0)
    const changed = this.#sql.exec(
      "update wave_offers set acknowledged_at = ? where offer_id = ? and status = 'open' and acknowledged_at is null",
      now,
      offerId,
    )
    if (changed.rowsWritten === 0) return false
    this.#sql.exec(
      'update search set ends_at = max(ends_at, min(? + ?, (select opened_at from wave_offers where offer_id = ?) + ?))',
      now,
      waveMs,
      offerId,
      waveMs * hardDeadlineFactor,
    )
    return true
  }

  unsavedAcknowledgement(): { offerId: string; atMs: number } | undefined {
    const [row] = this.#sql
      .exec<{ offer_id: string; acknowledged_at: number }>(
        'select offer_id, acknowledged_at from wave_offers where acknowledged_at is not null and is_acknowledgement_saved = 0 limit 1',
      )
      .toArray()
    return row && { offerId: row.offer_id, atMs: row.acknowledged_at }
  }

  acknowledgementSaved(offerId: string): void {
    this.#sql.exec('update wave_offers set is_acknowledgement_saved = 1 where offer_id = ?', offerId)
  }

  /** Returns the pending news. A tasker who never got an offer gets no news of its end. */
  news(): News[] {
    return this.#sql
      .exec<OfferRecord>(
        `select offer_id, tasker_id, data, because from wave_offers
          where (status = 'open' and notified = 'nothing') or (status = 'closed' and is_attempted = 1 and notified <> 'closed')`,
      )
      .toArray()
      .map((row) => ({
        offerId: row.offer_id,
        taskerId: row.tasker_id,
        data: JSON.parse(row.data) as Record<string, unknown>,
        because: row.because,
      }))
  }

  telling(offerId: string): void {
    this.#sql.exec('update wave_offers set is_attempted = 1 where offer_id = ?', offerId)
  }

  notified({ offerId, because }: News): void {
    this.#sql.exec(
      'update wave_offers set notified = ? where offer_id = ?',
      because ? 'closed' : 'offered',
      offerId,
    )
  }
}

const dataOf = ({ id, task, round, wave, isFirstInLine, distanceKm, expiresAt }: OfferRow) => ({
  offerId: id,
  taskId: task.id,
  round,
  wave,
  isFirstInLine,
  distanceKm,
  expiresAt,
  task,
})
