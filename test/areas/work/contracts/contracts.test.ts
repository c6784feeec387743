import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { api, database } from '../../../support/api.ts'
import {
  aContract,
  approve,
  contractOf,
  deliver,
  fillWallet,
  fund,
  onMilestone,
  contractPath as path,
  rooms,
  sign,
  start,
  submit,
  terms,
  walletBalance,
} from '../../../support/contracts.ts'
import { pullEvents } from '../../../support/events.ts'
import { aBooking, aClient, anOps, ok, taskStateOf, withKey } from '../../../support/story.ts'

const bookingOf = async ({
  bookingId,
  client,
}: {
  bookingId: string
  client: Parameters<typeof walletBalance>[0]
}) => (await ok(api(`/v1/bookings/${bookingId}`, { as: client }))).body

/** Differences between documents and entries; none at any time. */
const differencesOf = (id: string) =>
  database().read(sql`select d.what, d.expected, d.posted from khidma.document_differences('-infinity') d
    where d.document_id = ${id} or d.document_id in (select p.id from payment_intents p join contracts c on c.booking_id = p.booking_id where c.id = ${id})`)

const dayFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

describe('a contract', () => {
  it('is drafted by either side and revised by the other, and is active once both have signed the same text', async () => {
    const story = await aContract({ state: 'draft', amounts: [10_000, 20_000], booking: 'accepted' })
    const draft = await contractOf(story)
    expect(draft).toMatchObject({
      status: 'draft',
      proposedBy: story.tasker.userId,
      totalMinor: 30_000,
      signatures: [],
      escrow: null,
      rules: { releaseDays: 7, maxRounds: 3, maxPausedDays: 21, arbitrationBasisPoints: 500 },
    })
    expect(createHash('sha256').update(draft.text).digest('hex')).toBe(draft.sha256)
    expect(JSON.parse(draft.text)).toMatchObject({ total: 30_000, terms })

    const signed = (await ok(sign(story, story.tasker))).body
    expect(signed.signatures).toMatchObject([{ party: 'tasker', sha256: draft.sha256 }])
    expect((await sign(story, story.tasker)).body.code).toBe('contract_signed')

    const body = { terms, milestones: rooms([15_000, 25_000]) }
    const revised = (await ok(api(path(story), { as: story.client, method: 'PUT', body }))).body
    expect(revised).toMatchObject({ status: 'draft', totalMinor: 40_000, signatures: [] })
    const old = await api(path(story, '/sign'), { as: story.client, body: { sha256: draft.sha256 } })
    expect(old).toMatchObject({ status: 409, body: { code: 'contract_changed' } })

    await ok(sign(story, story.client))
    expect((await bookingOf(story)).status).toBe('confirmed')
    const active = (await ok(sign(story, story.tasker))).body
    expect(active).toMatchObject({ status: 'active', expiresAt: null })
    expect(active.signatures.map(({ party }: { party: string }) => party)).toEqual(['client', 'tasker'])
    const [kept] = await database().read<{ session: string }>(
      sql`select s.session_id as session from contract_signatures s where s.contract_id = ${story.contractId}
           and s.user_id = ${story.client.userId} and s.cleared_at is null`,
    )
    expect(kept?.session).toBe(story.client.sessionId)

    const again = await api(path(story), { as: story.client, method: 'PUT', body })
    expect(again).toMatchObject({ status: 409, body: { code: 'contract_not_draft' } })
    expect((await sign(story, story.client)).body.code).toBe('contract_not_draft')
    const types = (await pullEvents(story.client, '?limit=100')).data.map(
      ({ type }: { type: string }) => type,
    )
    expect(types).toEqual(
      expect.arrayContaining(['contract.drafted', 'contract.revised', 'contract.signed', 'contract.active']),
    )
  })

  it('is the price of its booking from the second signature on, and replaces its payment', async () => {
    const story = await aContract({ state: 'active', amounts: [10_000, 20_000] })
    const booking = await bookingOf(story)
    expect(booking.payment.status).toBe('canceled')
    expect(booking.fare).toMatchObject({
      pricingModel: 'fixed',
      rateAmountMinor: 30_000,
      estimate: { leastAmountMinor: 30_000, expectedAmountMinor: 30_000, mostAmountMinor: 30_000 },
    })
    const payment = (method: string) =>
      api(`/v1/bookings/${story.bookingId}/payment`, {
        as: story.client,
        body: { method },
        headers: withKey(),
      })
    for (const method of ['cash', 'wallet'])
      expect(await payment(method)).toMatchObject({ status: 409, body: { code: 'contract_decides' } })
    for (const action of ['start', 'complete']) {
      const answer = await api(`/v1/bookings/${story.bookingId}/${action}`, {
        as: story.tasker,
        method: 'POST',
      })
      expect(answer.status).toBe(409)
    }
    const change = { rateAmountMinor: 50_000, reason: 'More' }
    const proposal = await api(`/v1/bookings/${story.bookingId}/changes`, { as: story.tasker, body: change })
    expect(proposal.body.code).toBe('contract_decides')
  })

  it('is one a booking, of a booking that is agreed on, and of its two sides', async () => {
    const story = await aContract({ state: 'draft' })
    const body = { terms, milestones: rooms([10_000]) }
    const second = await api(`/v1/bookings/${story.bookingId}/contract`, { as: story.client, body })
    expect(second).toMatchObject({ status: 409, body: { code: 'already_exists' } })
    const over = await aBooking({ state: 'canceled' })
    const late = await api(`/v1/bookings/${over.bookingId}/contract`, { as: over.client, body })
    expect(late).toMatchObject({ status: 409, body: { code: 'contract_not_possible' } })
    const [stranger, ops] = [await aClient(), await anOps()]
    expect((await api(path(story), { as: stranger })).status).toBe(404)
    expect((await sign(story, ops)).status).toBe(403)
    expect((await api(path(story, '/sign'), { as: stranger, body: { sha256: '0'.repeat(64) } })).status).toBe(
      404,
    )
    expect((await api(path(story), { as: ops })).status).toBe(200)
    expect(
      (await ok(api(`/v1/contracts?bookingId=${story.bookingId}`, { as: story.tasker }))).body.data,
    ).toHaveLength(1)
  })

  it('is funded, begun, handed in and released milestone by milestone; the last one completes booking and task', async () => {
    const story = await aContract({ state: 'active', amounts: [10_000, 20_000], wallet: 30_000 })
    expect((await start(story)).body.code).toBe('milestone_not_funded')
    const payment = (await ok(fund(story))).body
    expect(payment).toMatchObject({ purpose: 'contract', status: 'captured', amountCaptured: 10_000 })
    expect(await walletBalance(story.client)).toBe(20_000)
    expect((await contractOf(story)).escrow).toMatchObject({
      status: 'held',
      fundedMinor: 10_000,
      heldMinor: 10_000,
    })

    await ok(start(story))
    expect((await bookingOf(story)).status).toBe('in_progress')
    const submitted = (await ok(submit(story))).body
    expect(submitted).toMatchObject({
      status: 'submitted',
      submissions: [{ round: 1, note: 'Two coats are on.', answer: null }],
    })
    expect(Date.parse(submitted.releasesAt) - Date.parse(submitted.submittedAt)).toBe(7 * 86_400_000)
    const approved = (await ok(approve(story))).body
    expect(approved).toMatchObject({
      status: 'completed',
      outcome: 'approved',
      releasedMinor: 10_000,
      releasesAt: null,
    })
    expect((await contractOf(story)).escrow).toMatchObject({
      status: 'partial_release',
      heldMinor: 0,
      releasedMinor: 10_000,
      commissionMinor: 1_500,
    })

    await ok(fund(story, 'all'))
    expect((await fund(story, 'all')).body.code).toBe('escrow_funded')
    await deliver(story, 1)
    const done = await contractOf(story)
    expect(done).toMatchObject({
      status: 'completed',
      escrow: {
        status: 'full_release',
        fundedMinor: 30_000,
        releasedMinor: 30_000,
        commissionMinor: 4_500,
        heldMinor: 0,
      },
    })
    const booking = await bookingOf(story)
    expect(booking).toMatchObject({ status: 'completed', fare: { final: { amountMinor: 30_000 } } })
    expect(await taskStateOf(story.taskId)).toBe('settled')
    const earnings = (
      await ok(
        api(`/v1/me/earnings?from=${dayFromNow(-2)}&to=${dayFromNow(2)}&by=month`, { as: story.tasker }),
      )
    ).body
    expect(earnings).toMatchObject({
      currencies: [{ payableAmount: 25_500 }],
      periods: [{ fareAmount: 30_000, commissionAmount: 4_500, refundAmount: 0 }],
    })
    const { data } = (await ok(api(path(story, '/transactions'), { as: story.client }))).body
    expect(
      data.map((row: Record<string, unknown>) => [
        row.type,
        row.status,
        row.amountMinor,
        row.commissionMinor,
      ]),
    ).toEqual([
      ['escrow_release', 'completed', 20_000, 3_000],
      ['escrow_hold', 'completed', 20_000, null],
      ['escrow_release', 'completed', 10_000, 1_500],
      ['escrow_hold', 'completed', 10_000, null],
    ])
    expect(await differencesOf(story.contractId)).toEqual([])
    // Both can review the work like any other.
    const review = { rating: 5, comment: 'Thank you' }
    await ok(api(`/v1/bookings/${story.bookingId}/review`, { as: story.client, body: review }))
    await ok(api(`/v1/bookings/${story.bookingId}/review`, { as: story.tasker, body: review }))
    expect(await taskStateOf(story.taskId)).toBe('reviewed')
    const types = (await pullEvents(story.tasker, '?limit=100')).data.map(
      ({ type }: { type: string }) => type,
    )
    expect(types).toEqual(
      expect.arrayContaining(['escrow.funded', 'milestone.completed', 'contract.completed']),
    )
  })

  it('tells of each change with a version of its own', async () => {
    const story = await aContract({ state: 'draft', amounts: [10_000, 20_000] })
    await ok(sign(story, story.tasker))
    const body = { terms, milestones: rooms([15_000, 25_000]) }
    const { milestones } = (await ok(api(path(story), { as: story.client, method: 'PUT', body }))).body
    const revised = { ...story, milestoneIds: milestones.map(({ id }: { id: string }) => id) }
    for (const as of [story.client, story.tasker]) await ok(sign(story, as))
    await fillWallet(story.client, 40_000)
    for (const index of [0, 1]) {
      await ok(fund(story))
      await deliver(revised, index)
    }
    const { data } = await pullEvents(story.client, '?limit=100')
    const sequencesOf = (type: string): number[] =>
      data
        .filter(({ object }: { object: { type: string } }) => object.type === type)
        .map(({ object }: { object: { sequence: number } }) => object.sequence)
    for (const [type, events] of [
      ['contract', 6],
      ['escrow', 5],
    ] as const) {
      expect(sequencesOf(type)).toHaveLength(events)
      expect(sequencesOf(type)).toEqual([...new Set(sequencesOf(type))].sort((a, b) => a - b))
    }
  })

  it('needs the money in the wallet, and takes a repeated request as one', async () => {
    const story = await aContract({ state: 'active', amounts: [10_000], wallet: 0 })
    expect(await fund(story)).toMatchObject({ status: 409, body: { code: 'insufficient_balance' } })
    await fillWallet(story.client, 30_000)
    const key = withKey()
    const call = () =>
      api(path(story, '/fund'), {
        as: story.client,
        body: { milestones: 'all', method: 'wallet' },
        headers: key,
      })
    const [first, second] = [await ok(call()), await ok(call())]
    expect(second.body).toEqual(first.body)
    expect(await walletBalance(story.client)).toBe(20_000)
    const byTasker = await api(path(story, '/fund'), {
      as: story.tasker,
      body: { milestones: 'all', method: 'wallet' },
      headers: withKey(),
    })
    expect(byTasker.status).toBe(403)
  })

  it('gives deliverables to the client once they are handed in, and to nobody else', async () => {
    const story = await aContract()
    const bytes = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    const file = { kind: 'image', mimeType: 'image/png', fileSize: bytes.byteLength }
    const { id, uploadUrl } = (await ok(api('/v1/media', { as: story.tasker, body: file }))).body
    const { pathname, search } = new URL(uploadUrl)
    await ok(start(story))
    const body = { note: 'See the photo.', mediaIds: [id] }
    expect((await onMilestone(story, 0, 'submit', story.tasker, body)).body.code).toBe('media_refused')
    await ok(
      api(`${pathname}${search}`, { method: 'PUT', body: bytes, headers: { 'content-type': 'image/png' } }),
    )
    expect((await api(`/v1/media/${id}`, { as: story.client })).status).toBe(404)
    const submitted = (await ok(onMilestone(story, 0, 'submit', story.tasker, body))).body
    expect(submitted.submissions[0].mediaIds).toEqual([id])
    expect((await api(`/v1/media/${id}`, { as: story.client })).status).toBe(200)
    expect((await api(`/v1/media/${id}`, { as: await aClient() })).status).toBe(404)
  })
})

describe('an action on a milestone', () => {
  it('is one side’s: the other one is refused, whatever state both would lead to', async () => {
    const story = await aContract()
    expect((await onMilestone(story, 0, 'start', story.client)).status).toBe(403)
    await ok(start(story))
    expect((await approve(story)).body.code).toBe('invalid_transition')
    await ok(submit(story))
    expect((await onMilestone(story, 0, 'start', story.client)).status).toBe(403)
    expect((await onMilestone(story, 0, 'start', story.tasker)).status).toBe(409)
    expect((await onMilestone(story, 0, 'return', story.tasker, { note: 'No' })).status).toBe(403)
    expect((await onMilestone(story, 0, 'approve', story.tasker)).status).toBe(403)
    expect((await onMilestone(story, 0, 'approve', await aClient())).status).toBe(404)
    const unknown = { ...story, milestoneIds: [story.contractId] }
    for (const action of ['start', 'request-release'])
      expect((await onMilestone(unknown, 0, action, story.tasker)).status).toBe(404)
    expect((await submit(unknown)).status).toBe(404)
  })
})
