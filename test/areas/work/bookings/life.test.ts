import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { collectBookingDeadlines } from '../../../../src/areas/work/bookings/jobs.ts'
import { newId } from '../../../../src/core/ids.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env } from '../../../support/api.ts'
import { aCategoryWith, deadlinesOf, letPass } from '../../../support/booking-life.ts'
import { pullEvents } from '../../../support/events.ts'
import { aFile } from '../../../support/profiles.ts'
import {
  aBooking,
  aClient,
  act,
  anOps,
  aTasker,
  type BookedStory,
  chooseCash,
  ok,
  pay,
  taskStateOf,
} from '../../../support/story.ts'

const path = ({ bookingId }: Pick<BookedStory, 'bookingId'>, rest = '') => `/v1/bookings/${bookingId}${rest}`
const bookingOf = async (story: BookedStory, as = story.client) => (await ok(api(path(story), { as }))).body
const post = (story: BookedStory, verb: string, as: Caller, body?: object) =>
  api(path(story, `/${verb}`), { as, method: 'POST', ...(body && { body }) })
const sweep = () => collectBookingDeadlines(systemContext(env, 'test'), 500)
const eventsOf = async (as: Caller, story: BookedStory): Promise<string[]> =>
  (await pullEvents(as)).data
    .filter(({ data }: { data: { bookingId?: string } }) => data.bookingId === story.bookingId)
    .map(({ type }: { type: string }) => type)
const conflict = { status: 409, body: { code: 'booking_not_at_stage' } }

describe('a booking that the client does not confirm', () => {
  it('reminds once, lapses at its instant, costs nothing, and frees the hours', async () => {
    const story = await aBooking()
    await chooseCash(story)
    expect(await deadlinesOf(story.bookingId)).toEqual([
      { kind: 'confirmation', outcome: null, minutes: 1_440 },
    ])
    expect((await bookingOf(story)).deadlines).toMatchObject([{ kind: 'confirmation' }])
    await letPass(story.bookingId, 1_390)
    await sweep()
    await sweep()
    const reminders = (await eventsOf(story.client, story)).filter((type) => type.endsWith('_reminder'))
    expect(reminders).toEqual(['booking.confirmation_reminder'])

    await letPass(story.bookingId, 60)
    // The instant decides, before any sweep.
    expect(await post(story, 'confirm', story.client)).toMatchObject({
      status: 409,
      body: { code: 'booking_lapsed' },
    })
    const { allowedActions } = await bookingOf(story)
    expect(allowedActions).toContainEqual({ action: 'confirm', allowed: false, reason: 'wrong_state' })

    await sweep()
    expect(await bookingOf(story)).toMatchObject({
      status: 'canceled',
      lapsed: 'confirmation',
      cancellationFee: null,
      deadlines: [],
      payment: { status: 'canceled' },
      task: { state: 'expired' },
    })
    expect(await deadlinesOf(story.bookingId)).toMatchObject([{ outcome: 'passed' }])
    const [{ free }] = (await database().read<{ free: boolean }>(
      sql`select khidma.is_free(tasker_id, scheduled_during) as free from bookings where id = ${story.bookingId}`,
    )) as [{ free: boolean }]
    expect(free).toBe(true)
    // Neither side broke its word: no completion is counted, for nor against the tasker.
    const { body } = await ok(api(path(story, '/events'), { as: story.client }))
    expect(body.data.at(-1)).toMatchObject({ action: 'lapse', party: 'system', to: 'canceled' })
  })

  it('has until its start where that is sooner, and never less than a quarter of an hour', async () => {
    const soon = await aBooking({ startsAt: new Date(Date.now() + 120 * 60_000) })
    expect(await deadlinesOf(soon.bookingId)).toMatchObject([{ minutes: 120 }])
    const now = await aBooking({ startsAt: new Date(Date.now() + 60_000) })
    expect(await deadlinesOf(now.bookingId)).toMatchObject([{ minutes: 15 }])
  })
})

describe('a confirmed booking', () => {
  it('reminds both sides of the start, and lapses long after its hours', async () => {
    const story = await aBooking({ state: 'confirmed', startsAt: new Date(Date.now() + 3 * 3_600_000) })
    expect(await deadlinesOf(story.bookingId)).toEqual([
      { kind: 'confirmation', outcome: 'met', minutes: 180 },
      { kind: 'visit', outcome: null, minutes: 180 },
      { kind: 'start', outcome: null, minutes: 180 + 90 + 1_440 },
    ])
    await letPass(story.bookingId, 130)
    await sweep()
    expect(await eventsOf(story.tasker, story)).toContain('booking.visit_reminder')
    await letPass(story.bookingId, 200)
    await sweep()
    expect(await eventsOf(story.tasker, story)).toContain('booking.start_reminder')
    expect((await bookingOf(story)).status).toBe('confirmed')
    await letPass(story.bookingId, 1_440)
    expect(await post(story, 'start', story.tasker)).toMatchObject({
      status: 409,
      body: { code: 'booking_lapsed' },
    })
    await sweep()
    expect(await bookingOf(story)).toMatchObject({
      status: 'canceled',
      lapsed: 'start',
      cancellationFee: null,
    })
    expect(await taskStateOf(story.taskId)).toBe('expired')
    expect((await deadlinesOf(story.bookingId)).map(({ outcome }) => outcome)).toEqual([
      'met',
      'passed',
      'passed',
    ])
  })

  it('takes its deadlines along to another start', async () => {
    const story = await aBooking({ state: 'confirmed' })
    const startsAt = new Date(Date.now() + 72 * 3_600_000).toISOString()
    const { body: change } = await ok(
      api(path(story, '/changes'), { as: story.tasker, body: { startsAt, reason: 'The part comes later.' } }),
    )
    await act(story.client, path(story, `/changes/${change.id}/accept`))
    expect(await deadlinesOf(story.bookingId)).toMatchObject([
      {},
      { kind: 'visit', minutes: 72 * 60 },
      { kind: 'start', minutes: 72 * 60 + 90 + 1_440 },
    ])
  })
})

describe('work that nobody completes', () => {
  it('reminds the tasker before that', async () => {
    const story = await aBooking({ state: 'in_progress' })
    const [{ minutes = 0 } = {}] = (await deadlinesOf(story.bookingId)).slice(-1)
    await letPass(story.bookingId, minutes - 60)
    await sweep()
    await sweep()
    const reminders = (await eventsOf(story.tasker, story)).filter((type) => type.endsWith('_reminder'))
    expect(reminders).toEqual(['booking.completion_reminder'])
  })

  it('counts as completed after a while, billed for the agreed time', async () => {
    const story = await aBooking({ state: 'in_progress' })
    await database().write([
      sql`update bookings set started_at = now() - interval '40 hours',
             scheduled_during = tstzrange(now() - interval '40 hours', now() - interval '38 hours 30 minutes') where id = ${story.bookingId}`,
    ])
    await sweep()
    const booking = await bookingOf(story)
    expect(booking).toMatchObject({ status: 'completed', task: { state: 'completed' } })
    expect(booking.fare.final).toMatchObject({ workedMinutes: 90 })
  })

  it('waits while staff have put its task on hold', async () => {
    const story = await aBooking({ state: 'in_progress' })
    const ops = await anOps()
    await database().write([
      sql`select khidma.begin_request('ops', ${ops.userId}, 'test', null, null, null, null, null)`,
      sql`update tasks set state = 'on_hold' where id = ${story.taskId}`,
    ])
    await letPass(story.bookingId, 10_000)
    await sweep()
    expect((await bookingOf(story)).status).toBe('in_progress')
    expect(await deadlinesOf(story.bookingId)).toContainEqual({
      kind: 'completion',
      outcome: null,
      minutes: 1_440,
    })
  })
})

describe('completed work', () => {
  it('is accepted by the client, who then opens no dispute about it', async () => {
    const story = await aBooking({ state: 'completed' })
    expect(await post(story, 'accept-work', story.tasker)).toMatchObject({ status: 403 })
    expect(await post(story, 'accept-work', await aTasker())).toMatchObject({ status: 404 })
    for (const _ of [1, 2])
      expect(await post(story, 'accept-work', story.client)).toMatchObject({
        status: 200,
        body: { progress: { workAcceptedBy: 'client' } },
      })
    expect(await deadlinesOf(story.bookingId)).toContainEqual(
      expect.objectContaining({ kind: 'acceptance', outcome: 'met' }),
    )
    expect(await post(story, 'dispute', story.client, { reason: 'It drips.' })).toMatchObject({
      status: 409,
      body: { code: 'work_accepted' },
    })
    const told = (await eventsOf(story.tasker, story)).filter((type) => type === 'booking.work_accepted')
    expect(told).toHaveLength(1)
    // The tasker may have a reason still, and so may staff.
    expect((await post(story, 'dispute', story.tasker, { reason: 'Not paid.' })).status).toBe(201)
  })

  it('is accepted by silence, at its instant, after a reminder', async () => {
    const story = await aBooking({ state: 'completed' })
    await letPass(story.bookingId, 2_900)
    await sweep()
    expect(await eventsOf(story.client, story)).toContain('booking.acceptance_reminder')
    await letPass(story.bookingId, 1_421)
    expect(await post(story, 'dispute', story.client, { reason: 'It drips.' })).toMatchObject({
      status: 409,
      body: { code: 'work_accepted' },
    })
    await sweep()
    expect((await bookingOf(story)).progress).toMatchObject({ workAcceptedBy: 'silence' })
  })

  it('in dispute waits for nobody’s acceptance, and its decision asks for none', async () => {
    const story = await aBooking({ state: 'disputed' })
    expect(await deadlinesOf(story.bookingId)).not.toContainEqual(expect.objectContaining({ outcome: null }))
    expect(await post(story, 'accept-work', story.client)).toMatchObject(conflict)
    const { disputeId } = await bookingOf(story)
    await act(await anOps(), `/v1/disputes/${disputeId}/reject`, { body: { note: 'It was done.' } })
    const open = (await deadlinesOf(story.bookingId)).filter(({ outcome }) => outcome === null)
    expect(open).toMatchObject([{ kind: 'payment' }])
  })

  it('that is paid waits for no payment, and nobody is reminded', async () => {
    const story = await aBooking({ state: 'settled' })
    expect(await deadlinesOf(story.bookingId)).toContainEqual(
      expect.objectContaining({ kind: 'payment', outcome: 'met' }),
    )
    const unpaid = await aBooking({ state: 'completed' })
    await chooseCash(unpaid)
    // Silence settles its cash: `payment_intent.reminder` speaks of that.
    await letPass(unpaid.bookingId, 10_081)
    await sweep()
    expect(await eventsOf(unpaid.client, unpaid)).not.toContain('booking.unpaid')
    await pay(await aBooking({ state: 'completed' }))
  })

  it('that staff have to decide about is reminded of, and then they are notified', async () => {
    const story = await aBooking({ state: 'completed' })
    await chooseCash(story)
    await database().write([
      sql`update payment_intents set review = 'cash_objection' where booking_id = ${story.bookingId}`,
    ])
    await letPass(story.bookingId, 1_500)
    await sweep()
    expect(await eventsOf(story.client, story)).toContain('booking.payment_reminder')
    await letPass(story.bookingId, 9_000)
    await sweep()
    expect(await eventsOf(story.client, story)).toContain('booking.unpaid')
  })
})

describe('getting there', () => {
  it('is news to the client, once each', async () => {
    const story = await aBooking({ state: 'confirmed' })
    for (const verb of ['on-the-way', 'on-the-way']) await ok(post(story, verb, story.tasker))
    await ok(post(story, 'report-delay', story.tasker, { minutes: 20 }))
    const { body } = await ok(
      post(story, 'arrive', story.tasker, { position: { lat: 30.0445, lng: 31.2358 } }),
    )
    expect(body.progress).toMatchObject({ lateMinutes: 20 })
    expect(body.progress.arrivalDistanceMeters).toBeGreaterThan(0)
    expect(body.progress.arrivalDistanceMeters).toBeLessThan(50)
    const told = (await eventsOf(story.client, story)).slice(-3)
    expect(told).toEqual(['booking.on_the_way', 'booking.running_late', 'booking.arrived'])
  })

  it('keeps no position, and takes none that is too far away', async () => {
    const story = await aBooking({ state: 'confirmed' })
    expect(
      await post(story, 'arrive', story.tasker, { position: { lat: 30.1, lng: 31.2358 } }),
    ).toMatchObject({
      status: 422,
      body: { code: 'too_far_away' },
    })
    expect((await post(story, 'arrive', story.tasker)).status).toBe(200)
    const category = await aCategoryWith('bookings.arrival', { radiusMeters: 100, isPositionRequired: true })
    const demanding = await aBooking({ category, state: 'confirmed' })
    expect(await post(demanding, 'arrive', demanding.tasker)).toMatchObject({
      status: 422,
      body: { code: 'position_required' },
    })
  })

  it.each(['on-the-way', 'arrive', 'report-delay'])('%s is the tasker’s, before the work', async (verb) => {
    const story = await aBooking({ state: 'confirmed' })
    const body = verb === 'report-delay' ? { minutes: 5 } : undefined
    expect((await post(story, verb, story.client, body)).status).toBe(403)
    expect((await post(story, verb, await aTasker(), body)).status).toBe(404)
    const working = await aBooking({ state: 'in_progress' })
    expect(await post(working, verb, working.tasker, body)).toMatchObject(conflict)
  })
})

describe('the start code', () => {
  const codeOf = async (story: BookedStory): Promise<string> =>
    (await ok(api(path(story, '/start-code'), { as: story.client }))).body.code
  const start = (story: BookedStory, startCode?: string) =>
    post(story, 'start', story.tasker, startCode === undefined ? {} : { startCode })
  const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')
  const demand = (story: BookedStory, isRequired: boolean, as = story.client) =>
    api(path(story, '/start-code'), { as, method: 'PUT', body: { isRequired } })

  it('is shown to the client alone', async () => {
    const story = await aBooking({ state: 'confirmed' })
    expect(await codeOf(story)).toMatch(/^\d{6}$/)
    for (const as of [story.tasker, await anOps()])
      expect((await api(path(story, '/start-code'), { as })).status).toBe(403)
    expect((await api(path(story, '/start-code'), { as: await aClient() })).status).toBe(404)
    const accepted = await aBooking()
    expect(await api(path(accepted, '/start-code'), { as: accepted.client })).toMatchObject(conflict)
    // Another booking has another code.
    expect(await codeOf(story)).not.toBe(await codeOf(await aBooking({ state: 'confirmed' })))
  })

  it('is needed where the client demands it, and proves that both were there', async () => {
    const story = await aBooking({ state: 'confirmed' })
    expect((await demand(story, true, story.tasker)).status).toBe(403)
    expect(await demand(story, true)).toMatchObject({
      status: 200,
      body: { progress: { startCodeRequired: true } },
    })
    expect(await start(story)).toMatchObject({ status: 422, body: { code: 'start_code_required' } })
    const code = await codeOf(story)
    expect(await start(story, wrong(code))).toMatchObject({
      status: 422,
      body: { code: 'start_code_refused' },
    })
    expect(await start(story, await codeOf(story))).toMatchObject({
      status: 200,
      body: { status: 'in_progress', progress: { startedByCode: true } },
    })
    expect(await start(story, code)).toMatchObject({ status: 409, body: { code: 'invalid_transition' } })
  })

  it('is blocked for a while after a few wrong ones, right ones too', async () => {
    const story = await aBooking({ state: 'confirmed' })
    await demand(story, true)
    for (let tries = 1; tries < 5; tries += 1)
      expect(await start(story, wrong(await codeOf(story)))).toMatchObject({
        body: { code: 'start_code_refused' },
      })
    for (const code of [wrong(await codeOf(story)), await codeOf(story)])
      expect(await start(story, code)).toMatchObject({ status: 409, body: { code: 'start_code_blocked' } })
    await database().write([
      sql`update bookings set start_code_failed_at = now() - interval '16 minutes' where id = ${story.bookingId}`,
    ])
    expect((await start(story, await codeOf(story))).status).toBe(200)
  })

  it('is needed by policy of a category, and then nobody does without', async () => {
    const policy = { isRequired: true, attempts: 5, blockMinutes: 15 }
    const category = await aCategoryWith('bookings.start_code', policy)
    const story = await aBooking({ category, state: 'confirmed' })
    expect(await demand(story, false)).toMatchObject({ status: 409, body: { code: 'start_code_demanded' } })
    expect(await start(story)).toMatchObject({ status: 422 })
    expect((await start(story, await codeOf(story))).status).toBe(200)
  })

  it('counts no wrong code of others, nor where none is needed', async () => {
    const story = await aBooking({ state: 'confirmed' })
    await demand(story, true)
    for (const as of [await aTasker(), story.client])
      expect([403, 404]).toContain((await post(story, 'start', as, { startCode: '000000' })).status)
    const [row] = await database().read<{ failures: number }>(
      sql`select start_code_failures as failures from bookings where id = ${story.bookingId}`,
    )
    expect(row?.failures).toBe(0)
    const free = await aBooking({ state: 'confirmed' })
    expect(await start(free, wrong(await codeOf(free)))).toMatchObject({
      status: 200,
      body: { progress: { startedByCode: false } },
    })
  })
})

describe('photos of a booking', () => {
  const add = (story: BookedStory, as: Caller, kind: string, mediaId: string) =>
    post(story, 'proofs', as, { kind, mediaId, caption: 'Below the sink.' })

  it('are seen by both sides and staff, before and after the work', async () => {
    const story = await aBooking({ state: 'in_progress' })
    const mediaId = await aFile(story.tasker)
    expect((await api(`/v1/media/${mediaId}`, { as: story.client })).status).toBe(404)
    expect((await add(story, story.tasker, 'before', mediaId)).status).toBe(201)
    expect((await api(`/v1/media/${mediaId}`, { as: story.client })).status).toBe(200)
    expect((await api(`/v1/media/${mediaId}`, { as: await aClient() })).status).toBe(404)
    for (const as of [story.client, story.tasker, await anOps()]) {
      const { body } = await ok(api(path(story, '/proofs'), { as }))
      expect(body.data).toMatchObject([{ kind: 'before', mediaId, caption: 'Below the sink.' }])
    }
    expect((await api(path(story, '/proofs'), { as: await aClient() })).status).toBe(404)
  })

  it('are the tasker’s own, uploaded, at their stage', async () => {
    const story = await aBooking({ state: 'confirmed' })
    const refused = { status: 422, body: { code: 'media_refused' } }
    expect(await add(story, story.tasker, 'before', await aFile(story.client))).toMatchObject(refused)
    const announced = await aFile(story.tasker, 'image', { uploaded: false })
    expect(await add(story, story.tasker, 'before', announced)).toMatchObject(refused)
    expect(await add(story, story.tasker, 'before', newId())).toMatchObject(refused)
    const mine = await aFile(story.tasker)
    expect(await add(story, story.tasker, 'after', mine)).toMatchObject(conflict)
    expect(await add(story, story.tasker, 'no_show', mine)).toMatchObject(conflict)
    expect((await add(story, story.client, 'before', await aFile(story.client))).status).toBe(403)
    expect((await add(story, story.tasker, 'before', mine)).status).toBe(201)
    expect(await add(story, story.tasker, 'before', mine)).toMatchObject({
      status: 409,
      body: { code: 'already_exists' },
    })
  })

  it('are demanded by policy of a category before the work is completed', async () => {
    const category = await aCategoryWith('bookings.proof', { before: 0, after: 1 })
    const story = await aBooking({ category, state: 'in_progress' })
    expect(await post(story, 'complete', story.tasker)).toMatchObject({
      status: 409,
      body: { code: 'proof_missing' },
    })
    await ok(add(story, story.tasker, 'after', await aFile(story.tasker)))
    expect((await post(story, 'complete', story.tasker)).status).toBe(200)
  })
})

describe('a side that did not appear', () => {
  const late = async () => {
    const story = await aBooking({ state: 'confirmed' })
    await database().write([
      sql`update bookings set scheduled_during = tstzrange(now() - interval '30 minutes', now() + interval '1 hour') where id = ${story.bookingId}`,
    ])
    return story
  }

  it.each(['client', 'tasker'] as const)(
    'is reported by the other, with photos: %s missing',
    async (missing) => {
      const story = await late()
      const by = missing === 'client' ? story.tasker : story.client
      const mediaId = await aFile(by)
      const reason = 'Nobody was there.'
      const stolen = await post(story, 'report-no-show', by, {
        reason,
        mediaIds: [await aFile(await aClient())],
      })
      expect(stolen).toMatchObject({ status: 422, body: { code: 'media_refused' } })
      expect((await bookingOf(story)).status).toBe('confirmed')
      const { body } = await ok(post(story, 'report-no-show', by, { reason, mediaIds: [mediaId] }))
      expect(body).toMatchObject({ status: 'canceled', noShowBy: missing, deadlines: [] })
      // The other side can show the opposite.
      const theirs = await aFile(story[missing])
      await ok(
        post(story, 'proofs', story[missing], { kind: 'no_show', mediaId: theirs, caption: 'I was there.' }),
      )
      const { body: proofs } = await ok(api(path(story, '/proofs'), { as: await anOps() }))
      expect(proofs.data.map(({ addedBy }: { addedBy: string }) => addedBy)).toEqual([
        by.userId,
        story[missing].userId,
      ])
    },
  )
})

describe('notes about the progress', () => {
  it('are the tasker’s, and read by both sides and staff', async () => {
    const story = await aBooking({ state: 'in_progress' })
    const text = 'The old pipe is out.'
    expect(await post(story, 'notes', story.client, { text })).toMatchObject({ status: 403 })
    expect((await post(story, 'notes', story.tasker, { text })).status).toBe(201)
    for (const as of [story.client, story.tasker, await anOps()])
      expect((await ok(api(path(story, '/notes'), { as }))).body.data).toMatchObject([
        { text, authorId: story.tasker.userId },
      ])
    expect((await api(path(story, '/notes'), { as: await aClient() })).status).toBe(404)
    expect(await eventsOf(story.client, story)).toContain('booking.noted')
    const done = await aBooking({ state: 'completed' })
    expect(await post(done, 'notes', done.tasker, { text })).toMatchObject(conflict)
  })
})
