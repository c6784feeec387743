import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { jobs } from '../../../../src/areas/trust/disputes/jobs.ts'
import { newId } from '../../../../src/core/ids.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env } from '../../../support/api.ts'
import { aContract, contractOf, start, walletBalance } from '../../../support/contracts.ts'
import { pullEvents } from '../../../support/events.ts'
import {
  aBooking,
  aClient,
  anOps,
  type BookedStory,
  dispute,
  ok,
  pay,
  taskStateOf,
  withKey,
} from '../../../support/story.ts'

const fare = 20_000
const path = (id: string, rest = '') => `/v1/disputes/${id}${rest}`
const propose = (id: string, as: Caller, client: number, tasker: number, note?: string) =>
  api(path(id, '/offers'), { as, body: { clientAmountMinor: client, taskerAmountMinor: tasker, note } })
const proposed = async (id: string, as: Caller, client: number, tasker: number) =>
  (await ok(propose(id, as, client, tasker))).body
const answer = (id: string, offer: string, action: string, as: Caller) =>
  api(path(id, `/offers/${offer}/${action}`), { as, method: 'POST' })
const disputeOf = async (id: string, as: Caller) => (await ok(api(path(id), { as }))).body
const offersOf = async (id: string, as: Caller) => (await ok(api(path(id, '/offers'), { as }))).body.data
const bookingOf = async (story: BookedStory) =>
  (await ok(api(`/v1/bookings/${story.bookingId}`, { as: story.client }))).body
const sweep = () => jobs.deadlinesOfDisputes.run(systemContext(env, 'cron.deadlinesOfDisputes'), {})
const decide = (id: string, action: string, as: Caller, body: object = {}) =>
  api(path(id, `/${action}`), { as, body, headers: withKey() })
const booksBalance = async ({ bookingId }: { bookingId: string }): Promise<void> => {
  const { body } = await ok(api('/v1/ledger/trial-balance', { as: await anOps() }))
  for (const { balance } of body.totals) expect(balance).toBe(0)
  const [row] = await database().read<{ differences: number }>(
    sql`with its as (select p.id from payment_intents p where p.booking_id = ${bookingId})
        select count(*)::int as differences from khidma.document_differences() d
         where d.document_id in (select id from its union all select r.id from refunds r where r.intent_id in (select id from its))`,
  )
  expect(row?.differences).toBe(0)
}

async function aPaidDispute(fields: object = {}) {
  const story = await aBooking({ state: 'settled' })
  const { body } = await ok(
    api(`/v1/bookings/${story.bookingId}/dispute`, {
      as: story.client,
      body: { reason: 'It drips.', ...fields },
    }),
  )
  return { story, id: body.id as string, ops: await anOps() }
}

describe('an offer of mediation', () => {
  it('of staff is done once both sides have accepted it: a part is refunded, the rest stays', async () => {
    const { story, id, ops } = await aPaidDispute()
    expect((await disputeOf(id, story.client)).splittableAmountMinor).toBe(fare)
    const offer = await proposed(id, ops, 8_000, 12_000)
    expect(offer).toMatchObject({ status: 'pending', proposedBy: 'ops', amountMinor: fare })
    expect(offer.clientAcceptedAt ?? offer.taskerAcceptedAt).toBeNull()

    expect((await answer(id, offer.id, 'accept', ops)).status).toBe(403)
    const first = await ok(answer(id, offer.id, 'accept', story.tasker))
    expect(first.body).toMatchObject({ status: 'pending', clientAcceptedAt: null })
    expect(first.body.allowedActions).toContainEqual({
      action: 'accept',
      allowed: false,
      reason: 'wrong_state',
    })
    // Once more changes nothing.
    const again = await ok(answer(id, offer.id, 'accept', story.tasker))
    expect(again.body.taskerAcceptedAt).toBe(first.body.taskerAcceptedAt)
    expect((await disputeOf(id, story.client)).status).toBe('open')
    expect(await walletBalance(story.client)).toBe(0)

    await ok(answer(id, offer.id, 'accept', story.client))
    expect(await disputeOf(id, story.tasker)).toMatchObject({
      status: 'resolved',
      resolvedBy: null,
      appealUntil: null,
      dueAt: null,
      splittableAmountMinor: null,
      resolution: {
        outcome: 'completed',
        source: 'payment',
        amount: fare,
        clientAmount: 8_000,
        taskerAmount: 12_000,
        arbitrationAmount: 0,
        offerId: offer.id,
      },
    })
    expect(await walletBalance(story.client)).toBe(8_000)
    expect([(await bookingOf(story)).status, await taskStateOf(story.taskId)]).toEqual([
      'completed',
      'settled',
    ])
    expect((await answer(id, offer.id, 'accept', story.client)).body.code).toBe('dispute_decided')
    const told = (await pullEvents(story.tasker, '?limit=100')).data.map(({ type }: { type: string }) => type)
    expect(told).toEqual(
      expect.arrayContaining([
        'dispute.offer_made',
        'dispute.offer_answered',
        'dispute.offer_accepted',
        'dispute.resolved',
      ]),
    )
    await booksBalance(story)
  })

  it('of a side is accepted by it as it is made', async () => {
    const { story, id } = await aPaidDispute()
    const offer = await proposed(id, story.client, fare, 0)
    expect(offer.clientAcceptedAt).not.toBeNull()
    await ok(answer(id, offer.id, 'accept', story.tasker))
    expect((await disputeOf(id, story.client)).status).toBe('resolved')
    expect(await walletBalance(story.client)).toBe(fare)
    await booksBalance(story)
  })

  it('is about the whole of what is in question, and nothing below zero', async () => {
    const { story, id } = await aPaidDispute({ amountInQuestion: 6_000 })
    expect((await disputeOf(id, story.client)).splittableAmountMinor).toBe(6_000)
    for (const [client, tasker] of [
      [6_000, 1],
      [0, 0],
      [fare, 0],
    ] as const)
      expect(await propose(id, story.client, client, tasker)).toMatchObject({
        status: 422,
        body: { code: 'split_not_whole', errors: [{ pointer: '/clientAmountMinor' }, {}] },
      })
    expect((await propose(id, story.client, -1, 6_001)).status).toBe(400)
    const offer = await proposed(id, story.tasker, 5_999, 1)
    await ok(answer(id, offer.id, 'accept', story.client))
    expect(await walletBalance(story.client)).toBe(5_999)
  })

  it('waits alone, and ends when it is declined, withdrawn, over, or decided otherwise', async () => {
    const { story, id, ops } = await aPaidDispute()
    const one = await proposed(id, story.client, 15_000, 5_000)
    expect(await propose(id, ops, 8_000, 12_000)).toMatchObject({
      status: 409,
      body: { code: 'dispute_offer_exists' },
    })
    expect((await answer(id, one.id, 'decline', story.client)).status).toBe(403)
    expect((await answer(id, one.id, 'withdraw', story.tasker)).status).toBe(403)
    await ok(answer(id, one.id, 'decline', story.tasker))
    expect((await answer(id, one.id, 'accept', story.tasker)).body.code).toBe('invalid_transition')

    const two = await proposed(id, story.tasker, 1_000, 19_000)
    await ok(answer(id, two.id, 'withdraw', story.tasker))

    const byClient = await proposed(id, story.client, 20_000, 0)
    await ok(answer(id, byClient.id, 'withdraw', ops))

    const three = await proposed(id, ops, 8_000, 12_000)
    await database().write([
      sql`update dispute_offers set expires_at = now() - interval '1 second' where id = ${three.id}`,
    ])
    // The instant decides, before any sweep.
    expect((await answer(id, three.id, 'accept', story.client)).body.code).toBe('dispute_offer_expired')
    expect((await offersOf(id, story.client))[0].status).toBe('expired')
    await sweep()

    await proposed(id, ops, 9_000, 11_000)
    await ok(decide(id, 'reject', ops))
    expect((await offersOf(id, story.tasker)).map(({ status }: { status: string }) => status)).toEqual([
      'expired',
      'expired',
      'withdrawn',
      'withdrawn',
      'declined',
    ])
    expect(await walletBalance(story.client)).toBe(0)
  })

  it('does not exist for strangers, nor under another dispute', async () => {
    const { story, id, ops } = await aPaidDispute()
    const other = await aPaidDispute()
    const offer = await proposed(id, ops, 8_000, 12_000)
    const stranger = await aClient()
    for (const action of ['accept', 'decline', 'withdraw'])
      expect((await answer(id, offer.id, action, stranger)).status).toBe(404)
    expect((await api(path(id, '/offers'), { as: stranger })).status).toBe(404)
    expect((await propose(id, stranger, 8_000, 12_000)).status).toBe(404)
    expect((await answer(other.id, offer.id, 'accept', other.story.client)).status).toBe(404)
    expect((await answer(id, newId(), 'accept', story.client)).status).toBe(404)
  })

  it('that a refund beside it has overtaken is refused', async () => {
    const { story, id, ops } = await aPaidDispute()
    const offer = await proposed(id, ops, 8_000, 12_000)
    await ok(answer(id, offer.id, 'accept', story.tasker))
    const { body: payment } = await ok(api(`/v1/bookings/${story.bookingId}/payment`, { as: story.client }))
    await database().write([
      sql`select khidma.open_refund(khidma.uuid_v7(), ${payment.id}, 15000, 'requested', 'wallet', null, null)`,
    ])
    expect(await answer(id, offer.id, 'accept', story.client)).toMatchObject({
      status: 409,
      body: { code: 'dispute_offer_outdated' },
    })
    expect((await disputeOf(id, story.client)).status).toBe('open')
  })

  it('about work that is not paid makes the part of the tasker its price, or cancels it', async () => {
    for (const [tasker, status] of [
      [13_000, 'completed'],
      [0, 'canceled'],
    ] as const) {
      const story = await aBooking({ state: 'completed' })
      const id = await dispute(story)
      const { splittableAmountMinor } = await disputeOf(id, story.client)
      expect(splittableAmountMinor).toBe(fare)
      const offer = await proposed(id, story.tasker, fare - tasker, tasker)
      await ok(answer(id, offer.id, 'accept', story.client))
      const booking = await bookingOf(story)
      expect(booking.status).toBe(status)
      if (status === 'canceled') continue
      expect(booking.fare.final.amountMinor).toBe(tasker)
      await pay(story)
      const { body } = await ok(api(`/v1/bookings/${story.bookingId}/payment`, { as: story.client }))
      expect(body).toMatchObject({ status: 'captured', amountCaptured: tasker })
      await booksBalance(story)
    }
  })

  it('about a contract divides what escrow holds', async () => {
    const story = await aContract({ amounts: [10_000, 20_000] })
    await ok(start(story))
    const id = await dispute(story)
    const { splittableAmountMinor: held } = await disputeOf(id, story.client)
    const { heldMinor } = (await contractOf(story)).escrow
    expect(held).toBe(heldMinor)
    const offer = await proposed(id, story.client, held - 3_000, 3_000)
    await ok(answer(id, offer.id, 'accept', story.tasker))
    expect((await contractOf(story)).escrow).toMatchObject({ heldMinor: 0, releasedMinor: 3_000 })
    expect((await bookingOf(story)).status).toBe('completed')
    await booksBalance(story)
  })
})

describe('a split by staff', () => {
  it('of what was paid refunds the client’s part, to the last unit', async () => {
    for (const [basisPoints, tasker] of [
      [3_333, 6_666],
      [10_000, fare],
      [0, 0],
    ] as const) {
      const { story, id, ops } = await aPaidDispute()
      const { body } = await ok(
        decide(id, 'split', ops, { taskerBasisPoints: basisPoints, note: 'Half done.' }),
      )
      expect(body).toMatchObject({
        status: 'resolved',
        resolvedBy: ops.userId,
        resolution: {
          source: 'payment',
          taskerAmount: tasker,
          clientAmount: fare - tasker,
          note: 'Half done.',
        },
      })
      expect(await walletBalance(story.client)).toBe(fare - tasker)
      expect((await decide(id, 'split', ops, { taskerAmountMinor: 1 })).body.code).toBe('invalid_transition')
      await booksBalance(story)
    }
    const { id, ops } = await aPaidDispute()
    expect((await decide(id, 'split', ops, { taskerAmountMinor: fare + 1 })).body.code).toBe(
      'amount_above_held',
    )
  })
})

describe('the end of a dispute', () => {
  it('is sent to whoever reported the booking without being a party to it', async () => {
    const { story, id, ops } = await aPaidDispute()
    const { body: report } = await ok(
      api('/v1/reports', {
        as: ops,
        body: { bookingId: story.bookingId, kind: 'fraud', description: 'Looks like a fake job.' },
      }),
    )
    await ok(
      api('/v1/reports', {
        as: story.client,
        body: { bookingId: story.bookingId, kind: 'fraud', description: 'It is.' },
      }),
    )
    await ok(decide(id, 'reject', ops))
    const told = await database().read<{ userId: string; reportId: string; status: string }>(sql`
      select r.user_id as "userId", o.data ->> 'reportId' as "reportId", o.data ->> 'status' as status
        from outbox o join outbox_recipients r on r.event_id = o.id
       where o.type = 'dispute.reported_decided' and o.object_id = ${id}`)
    expect(told).toEqual([{ userId: ops.userId, reportId: report.id, status: 'rejected' }])
  })
})

describe('an appeal', () => {
  const appeal = (id: string, as: Caller) => api(path(id, '/appeal'), { as, body: { reason: 'Look again.' } })

  it('opens the booking again, once, for somebody else to decide', async () => {
    const { story, id, ops } = await aPaidDispute()
    expect((await appeal(id, story.client)).body.code).toBe('dispute_not_appealable')
    const decided = (await ok(decide(id, 'reject', ops))).body
    expect(decided.resolvedBy).toBe(ops.userId)
    expect(Math.round((Date.parse(decided.appealUntil) - Date.parse(decided.resolvedAt)) / 86_400_000)).toBe(
      14,
    )
    for (const as of [await aClient()]) expect((await appeal(id, as)).status).toBe(404)
    expect((await appeal(id, ops)).status).toBe(403)

    const { body } = await ok(appeal(id, story.client))
    expect(body).toMatchObject({
      appealOf: id,
      status: 'open',
      openedBy: story.client.userId,
      respondentId: story.tasker.userId,
    })
    expect(await bookingOf(story)).toMatchObject({ status: 'disputed', disputeId: body.id })
    for (const action of ['investigate', 'resolve', 'reject', 'refund'])
      expect(await decide(body.id, action, ops, action === 'refund' ? { amount: 1 } : {})).toMatchObject({
        status: 403,
        body: { code: 'decided_by_you' },
      })
    const other = await anOps()
    await ok(decide(body.id, 'split', other, { taskerAmountMinor: 15_000 }))
    expect(await walletBalance(story.client)).toBe(5_000)
    // Neither the first decision nor the appeal can be appealed any more.
    expect((await appeal(id, story.tasker)).body.code).toBe('already_appealed')
    expect((await appeal(body.id, story.tasker)).body.code).toBe('dispute_not_appealable')
  })

  it('is possible in time, also for a client whose silence has accepted the work', async () => {
    const { story, id, ops } = await aPaidDispute()
    await ok(decide(id, 'reject', ops))
    await database().write([
      sql`update bookings set work_accepted_at = now(), work_accepted_by = 'silence' where id = ${story.bookingId}`,
    ])
    await ok(appeal(id, story.client))

    const late = await aPaidDispute()
    await ok(decide(late.id, 'reject', late.ops))
    await database().write([
      sql`update disputes set appeal_until = now() - interval '1 second' where id = ${late.id}`,
    ])
    expect((await appeal(late.id, late.story.client)).body.code).toBe('appeal_too_late')
  })

  it('of what both sides agreed on, or was withdrawn or canceled, is none', async () => {
    const { story, id } = await aPaidDispute()
    expect((await decide(id, 'withdraw', story.tasker)).status).toBe(403)
    expect((await ok(decide(id, 'withdraw', story.client))).body).toMatchObject({
      status: 'withdrawn',
      resolvedBy: null,
    })
    expect((await bookingOf(story)).status).toBe('completed')
    expect((await appeal(id, story.client)).body.code).toBe('dispute_not_appealable')

    const unpaid = await aBooking({ state: 'in_progress' })
    const canceled = await dispute(unpaid)
    await ok(decide(canceled, 'resolve', await anOps(), { outcome: 'canceled' }))
    expect((await appeal(canceled, unpaid.tasker)).body.code).toBe('dispute_not_appealable')
  })
})

describe('the deadlines of a dispute', () => {
  const letPass = (id: string, hours: number) =>
    database().write([
      sql`update disputes set respond_by = respond_by - make_interval(hours => ${hours}), due_at = due_at - make_interval(hours => ${hours}) where id = ${id}`,
    ])
  const eventsOf = async (as: Caller, id: string) =>
    (await pullEvents(as, '?limit=100')).data
      .filter(({ data }: { data: { disputeId?: string } }) => data.disputeId === id)
      .map(({ type }: { type: string }) => type)

  it('remind who has to respond once, escalate by themselves, and tell when the decision is overdue', async () => {
    const { story, id } = await aPaidDispute()
    await sweep()
    expect(await eventsOf(story.tasker, id)).toEqual([])
    await letPass(id, 50)
    await sweep()
    await sweep()
    expect(await eventsOf(story.tasker, id)).toEqual(['dispute.response_reminder'])
    await letPass(id, 71)
    await sweep()
    const escalated = await disputeOf(id, story.client)
    expect(escalated).toMatchObject({ status: 'escalated', overdueAt: null })
    await letPass(id, 73)
    await sweep()
    await sweep()
    expect(
      (await eventsOf(story.client, id)).filter((type: string) => type === 'dispute.overdue'),
    ).toHaveLength(1)
    expect((await disputeOf(id, story.client)).overdueAt).not.toBeNull()
    await ok(decide(id, 'reject', await anOps()))
    expect((await disputeOf(id, story.client)).dueAt).toBeNull()
  })

  it('begin anew with each step that staff take', async () => {
    const { id, ops } = await aPaidDispute()
    const hoursLeft = async () =>
      Math.round((Date.parse((await disputeOf(id, ops)).dueAt) - Date.now()) / 3_600_000)
    expect(await hoursLeft()).toBe(120)
    await letPass(id, 100)
    await ok(api(path(id, '/investigate'), { as: ops, method: 'POST' }))
    expect(await hoursLeft()).toBe(120)
    await ok(api(path(id, '/escalate'), { as: ops, method: 'POST' }))
    expect(await hoursLeft()).toBe(72)
  })
})
