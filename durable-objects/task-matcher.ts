import { DurableObject } from 'cloudflare:workers'
import { lazy } from '../src/core/lazy.ts'
import { logFailure } from '../src/core/log.ts'
import type { Env } from '../src/env.ts'
import { type News, Search, type SearchState } from './task-matcher/search.ts'
import { Timers } from './timers.ts'

const verbs = lazy(() => import('./task-matcher/verbs.ts'))

/** Each call that has work to do sets an alarm first: should the object die in the middle, it goes on then. */
const safetyMs = 5_000
/** Late and repeated calls find the end of the search for so long; then the object leaves nothing behind. */
const forgetAfterMs = 3_600_000
/** Names it in the audit log. */
const job = 'matching'

interface Opened {
  search: Search
  timers: Timers<'search' | 'tell' | 'forget'>
}

/**
 * The search for the tasker of one task: candidates once, offers to the best three, to the next three when these do not
 * accept, and so on; then the other ways of its ladder, where it has one. The database decides who was first; every call may come twice, late, or in any order.
 */
export class TaskMatcher extends DurableObject<Env> {
  #kept: Opened | undefined
  #isAdvancing = false
  #isWanted = false
  #isForgotten = false
  readonly #beingTold = new Set<string>()

  /** The task was posted: for the first time, or again. */
  async start(taskId: string, round: number): Promise<void> {
    const { search, timers } = this.#open()
    search.begin(taskId, round)
    timers.set('search', Date.now() + safetyMs)
    await this.#advanceNow()
  }

  /** The task has its tasker, was canceled or has expired. Who accepted knows already. */
  async taskClosed(taskId: string, round: number, acceptedOfferId?: string): Promise<void> {
    this.#open().search.end(taskId, round, acceptedOfferId)
    await this.#afterEnd()
  }

  /** The tasker's device shows the offer: their clock starts. */
  async offerDelivered(offerId: string): Promise<void> {
    const { search, timers } = this.#open()
    if (!search.acknowledge(offerId)) return
    timers.set('search', Date.now() + safetyMs)
    await this.#advanceNow()
  }

  /** The tasker has said yes or no. After the last no of a wave the next one opens at once. */
  async offerAnswered(offerId: string): Promise<void> {
    const { search, timers } = this.#open()
    if (!search.answer(offerId)) return
    timers.set('search', Date.now() + safetyMs)
    await this.#advanceNow()
  }

  /** In development builds only: the time of the open wave is up, or that of the way after it. The alarm does the rest, as it would have later. */
  async endWave(): Promise<void> {
    if (typeof __DEV_TOOLS__ !== 'undefined' && __DEV_TOOLS__) {
      const { search, timers } = this.#open()
      if (search.endWaveNow()) timers.set('search', Date.now())
    }
  }

  override async alarm(): Promise<void> {
    try {
      const { search, timers } = this.#open()
      await timers.runDue({
        search: () => this.#advance(),
        tell: () => this.#tell(),
        forget: async () => {
          this.#isForgotten = search.load()?.step === 'done'
          return this.#isForgotten ? null : Date.now() + forgetAfterMs
        },
      })
      if (this.#isForgotten && search.load()?.step === 'done') await this.#forget()
    } catch (error) {
      // An alarm that throws is tried six times, and then never again.
      logFailure('matcher.alarm_failed', error)
      await this.ctx.storage.setAlarm(Date.now() + safetyMs)
    }
  }

  #open(): Opened {
    if (!this.#kept) {
      const { storage } = this.ctx
      storage.sql.exec(`${Search.tables} ${Timers.table}`)
      this.#kept = { search: new Search(storage), timers: new Timers(storage) }
      this.#isForgotten = false
    }
    return this.#kept
  }

  async #forget(): Promise<void> {
    this.#kept = undefined
    await this.ctx.storage.deleteAlarm()
    await this.ctx.storage.deleteAll()
  }

  /** For calls: what fails is left to the alarm, which backs off. */
  async #advanceNow(): Promise<void> {
    try {
      await this.#advance()
    } catch (error) {
      logFailure('matcher.advance_failed', error)
    }
  }

  /** Goes as far as it can now, one run at a time. Says when it is wanted again. */
  async #advance(): Promise<number | null> {
    this.#isWanted = true
    if (this.#isAdvancing) return Date.now() + safetyMs
    this.#isAdvancing = true
    try {
      while (this.#isWanted) {
        this.#isWanted = false
        while (await this.#step()) this.#isWanted = false
      }
    } finally {
      this.#isAdvancing = false
    }
    const state = this.#open().search.load()
    return state?.step === 'wait' || state?.step === 'climb' ? state.endsAtMs : null
  }

  /** One crossing to the database, or one local move. False when there is nothing to do but to wait. */
  async #step(): Promise<boolean> {
    const { search } = this.#open()
    const state = search.load()
    if (!state || state.step === 'done') return false
    const acknowledged = search.unsavedAcknowledgement()
    if (acknowledged) {
      const { offerId, atMs } = acknowledged
      const { markOfferDelivered, systemContext } = await verbs()
      await markOfferDelivered(systemContext(this.env, job), offerId, atMs, state.waveSeconds)
      search.acknowledgementSaved(offerId)
      return true
    }
    switch (state.step) {
      case 'open':
        return this.#openWave(state)
      case 'wait':
        return search.isWaveOver(state) && search.move(state, { ...state, step: 'close' })
      case 'close':
        return this.#closeWave(state)
      case 'climb':
        return state.endsAtMs <= Date.now() && this.#climb(state)
    }
  }

  async #openWave(state: SearchState): Promise<boolean> {
    const { search, timers } = this.#open()
    const { openWave, systemContext } = await verbs()
    const ctx = systemContext(this.env, job)
    const { state: task, offers, seconds, waves } = await openWave(ctx, state, state.wave)
    if (task !== 'matching' || seconds === null || waves === null) return this.#end(state)
    search.saveWave(state, offers, { seconds, waves })
    timers.set('tell', Date.now() + safetyMs)
    this.ctx.waitUntil(this.#tellNow())
    return true
  }

  async #closeWave(state: SearchState): Promise<boolean> {
    const { search, timers } = this.#open()
    const { wave, waves } = state
    const { closeWave, systemContext } = await verbs()
    const { state: task, isOver } = await closeWave(systemContext(this.env, job), state, wave)
    if (task !== 'matching') return this.#end(state)
    search.closeWave(
      state,
      wave < waves && !isOver ? { step: 'open', wave: wave + 1 } : { step: 'climb', wave },
    )
    timers.set('tell', Date.now() + safetyMs)
    this.ctx.waitUntil(this.#tellNow())
    return true
  }

  /** Another way of finding its tasker, until that is over as well. The bids and the staff of that way need nothing from here. */
  async #climb(state: SearchState): Promise<boolean> {
    const { endWay, systemContext } = await verbs()
    const { climbsAt } = await endWay(systemContext(this.env, job), state)
    if (climbsAt === null) return this.#end(state)
    this.#open().search.waitForClimb(state, Date.parse(climbsAt))
    return true
  }

  #end({ taskId, round }: SearchState): boolean {
    this.#open().search.end(taskId, round)
    this.ctx.waitUntil(this.#afterEnd())
    return true
  }

  async #afterEnd(): Promise<void> {
    const { timers } = this.#open()
    timers.set('tell', Date.now() + safetyMs)
    timers.set('forget', Date.now() + forgetAfterMs)
    await this.#tellNow()
  }

  async #tellNow(): Promise<void> {
    try {
      await this.#tell()
    } catch (error) {
      logFailure('matcher.tell_failed', error)
    }
  }

  /** Sends the taskers their pending news, all at once, but to each in order. Returns when to look again. */
  async #tell(): Promise<number | null> {
    const { search } = this.#open()
    const news = search.news().filter(({ offerId }) => !this.#beingTold.has(offerId))
    const outcomes = await Promise.allSettled(news.map((item) => this.#tellOne(item)))
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    return search.news().length > 0 ? Date.now() + safetyMs : null
  }

  async #tellOne(item: News): Promise<void> {
    const { search } = this.#open()
    const { offerId } = item
    this.#beingTold.add(offerId)
    try {
      let next: News | undefined = item
      while (next) {
        search.telling(offerId)
        await this.env.USER_CHANNELS.getByName(next.taskerId).push(frameOf(next))
        search.notified(next)
        next = search.news().find((other) => other.offerId === offerId)
      }
    } finally {
      this.#beingTold.delete(offerId)
    }
  }
}

const frameOf = ({ offerId, data, because }: News) =>
  because
    ? {
        type: 'offer.closed' as const,
        data: { offerId, taskId: data.taskId, reason: because },
        key: `offer.closed:${offerId}`,
      }
    : { type: 'offer' as const, data, key: `offer:${offerId}` }
