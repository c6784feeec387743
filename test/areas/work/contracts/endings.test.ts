import { type SQL, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { jobs } from '../../../../src/areas/work/contracts/jobs.ts'
import { systemContext } from '../../../../src/system-context.ts'
import { api, type Caller, database, env } from '../../../support/api.ts'
import {
  aContract,
  approve,
  type ContractStory,
  contractOf,
  deliver,
  giveBack,
  onMilestone,
  contractPath as path,
  start,
  submit,
  terms,
  walletBalance,
} from '../../../support/contracts.ts'
import { pullEvents } from '../../../support/events.ts'
import { anOps, aTasker, dispute, ok, taskStateOf, withKey } from '../../../support/story.ts'

const sweep = () => jobs.deadlinesOfContracts.run(systemContext(env, 'cron.deadlinesOfContracts'), {})
/** As if it were so many days later for one contract. */
const letPass = ({ contractId }: ContractStory, days: number) =>
  database().write([
    sql`update contracts set expires_at = expires_at - make_interval(days => ${days}), dormant_due_at = dormant_due_at - make_interval(days => ${days})
         where id = ${contractId}`,
    sql`update milestones set releases_at = releases_at - make_interval(days => ${days}), submitted_at = submitted_at - make_interval(days => ${days}),
               deadline_at = deadline_at - make_interval(days => ${days}), paused_since = paused_since - make_interval(days => ${days})
         where contract_id = ${contractId}`,
    sql`update contract_amendments set expires_at = expires_at - make_interval(days => ${days}) where contract_id = ${contractId}`,
  ])
const eventsOf = async (as: Caller, type: string) =>
  (await pullEvents(as, '?limit=100')).data.filter((event: { type: string }) => event.type === type)
const bookingOf = async ({ bookingId, client }: ContractStory) =>
  (await ok(api(`/v1/bookings/${bookingId}`, { as: client }))).body
const cancel = (story: ContractStory, as: Caller, body: object = { reason: 'No longer needed.' }) =>
  api(path(story, '/cancel'), { as, body, headers: withKey() })
const amend = (story: ContractStory, as: Caller, milestones: object[], more: object = {}) =>
  api(path(story, '/amendments'), { as, body: { terms, milestones, reason: 'As we said', ...more } })
const answer = (story: ContractStory, id: string, action: string, as: Caller, body: object = {}) =>
  api(path(story, `/amendments/${id}/${action}`), { as, body, headers: withKey() })
const escrowBalance = async ({ client }: ContractStory): Promise<number> => {
  const [row] = await database().read<{ balance: number }>(
    sql`select b.balance::int as balance from ledger_accounts a join ledger_balances b on b.account_id = a.id
         where a.kind = 'escrow' and a.owner_user_id = ${client.userId}`,
  )
  return row?.balance ?? 0
}
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

describe('silence', () => {
  it('releases what was handed in, after two reminders and a request; nobody can ask for changes then', async () => {
    const story = await aContract({ amounts: [10_000, 20_000] })
    await ok(start(story))
    await ok(submit(story))
    await ok(onMilestone(story, 0, 'request-release', story.tasker))
    expect((await onMilestone(story, 0, 'request-release', story.tasker)).body.code).toBe(
      'release_not_requestable',
    )
    await sweep()
    expect(await eventsOf(story.client, 'milestone.release_reminder')).toEqual([])
    await letPass(story, 4)
    await sweep()
    await sweep()
    expect(await eventsOf(story.client, 'milestone.release_reminder')).toHaveLength(1)
    await letPass(story, 2)
    await sweep()
    expect(await eventsOf(story.client, 'milestone.release_reminder')).toHaveLength(2)
    await letPass(story, 1)
    expect((await giveBack(story)).body.code).toBe('release_due')
    await sweep()
    const [milestone] = (await contractOf(story)).milestones
    expect(milestone).toMatchObject({
      status: 'completed',
      outcome: 'silence',
      submissions: [{ answer: 'silence' }],
    })
    await sweep()
    expect((await contractOf(story)).escrow).toMatchObject({ releasedMinor: 10_000, heldMinor: 20_000 })
    expect(await eventsOf(story.client, 'milestone.release_requested')).toHaveLength(1)
  })

  it('lets a deadline pass: a reminder before, a notice at it, and the milestone can still be handed in', async () => {
    const story = await aContract({ state: 'draft' })
    const milestones = [{ title: 'One', amountMinor: 10_000, dueAt: inDays(5) }]
    await ok(api(path(story), { as: story.client, method: 'PUT', body: { terms, milestones } }))
    const due = {
      ...story,
      milestoneIds: (await contractOf(story)).milestones.map((m: { id: string }) => m.id),
    }
    await activate(due)
    await letPass(due, 2)
    await sweep()
    expect(await eventsOf(due.tasker, 'milestone.due_soon')).toEqual([])
    await letPass(due, 2)
    await sweep()
    await sweep()
    expect(await eventsOf(due.tasker, 'milestone.due_soon')).toHaveLength(1)
    await letPass(due, 2)
    await sweep()
    expect((await contractOf(due)).milestones[0].status).toBe('overdue')
    expect(await eventsOf(due.client, 'milestone.overdue')).toHaveLength(1)
    // Overdue before it was begun: handing it in begins the booking as well.
    await ok(submit(due))
    expect((await bookingOf(due)).status).toBe('in_progress')
    await ok(approve(due))
    expect((await contractOf(due)).status).toBe('completed')
  })

  it('ends a draft that nobody signs, and a contract in which nothing happens, after two notices', async () => {
    const draft = await aContract({ state: 'draft' })
    await letPass(draft, 15)
    await sweep()
    expect((await contractOf(draft)).status).toBe('canceled')
    expect((await bookingOf(draft)).status).toBe('confirmed')

    const story = await aContract({ amounts: [10_000] })
    await letPass(story, 61)
    await sweep()
    await sweep()
    expect(await contractOf(story)).toMatchObject({ status: 'active', dormantNotices: 1 })
    await ok(api(path(story, '/keep-open'), { as: story.tasker, method: 'POST' }))
    expect(await contractOf(story)).toMatchObject({ dormantNotices: 0 })
    const again = await api(path(story, '/keep-open'), { as: story.tasker, method: 'POST' })
    expect(again.body.code).toBe('contract_not_dormant')
    for (const days of [61, 8, 8]) {
      expect((await contractOf(story)).status).toBe('active')
      await letPass(story, days)
      await sweep()
    }
    expect(await contractOf(story)).toMatchObject({
      status: 'canceled',
      endReason: 'dormant',
      escrow: { refundedMinor: 10_000, status: 'full_release' },
    })
    expect(await eventsOf(story.client, 'contract.dormant')).toHaveLength(3)
    expect((await bookingOf(story)).status).toBe('canceled')
    expect(await walletBalance(story.client)).toBe(100_000)
  })
})

async function activate(story: ContractStory): Promise<void> {
  for (const as of [story.client, story.tasker]) {
    const { sha256 } = await contractOf(story, as)
    await ok(api(path(story, '/sign'), { as, body: { sha256 } }))
  }
  await database().write([
    sql`select khidma.post_entry(khidma.uuid_v7(), 'adjustment', null, null, 'EGP', ${JSON.stringify([
      { account: 'platform_clearing', owner: null, amount: -100_000 },
      { account: 'client_wallet', owner: story.client.userId, amount: 100_000 },
    ])}::jsonb)` satisfies SQL,
  ])
  await ok(
    api(path(story, '/fund'), {
      as: story.client,
      body: { milestones: 'all', method: 'wallet' },
      headers: withKey(),
    }),
  )
}

describe('changes', () => {
  it('stop the clock, move the deadline by the time that was waited for the client, and are limited in rounds and days', async () => {
    const story = await aContract({ amounts: [10_000] })
    await database().write([
      sql`update milestones set deadline_at = now() + interval '10 days' where contract_id = ${story.contractId}`,
    ])
    await ok(start(story))
    await ok(submit(story))
    const before = (await contractOf(story)).milestones[0]
    await letPass(story, 3)
    const returned = (await ok(giveBack(story))).body
    expect(returned).toMatchObject({
      status: 'in_progress',
      rounds: 1,
      releasesAt: null,
      submissions: [{ answer: 'returned', answerNote: 'The corner is missing.' }],
    })
    // Three days passed for the deadline too, and three are given back.
    expect(Date.parse(returned.deadlineAt) - Date.parse(before.deadlineAt)).toBeLessThan(60_000)
    await letPass(story, 5)
    const again = (await ok(submit(story))).body
    expect(again.pausedSeconds).toBeGreaterThanOrEqual(5 * 86_400)
    expect(again.submissions).toHaveLength(2)
    await ok(giveBack(story))
    await letPass(story, 17)
    await ok(submit(story))
    const refused = await giveBack(story)
    expect(refused).toMatchObject({ status: 409, body: { code: 'changes_used_up' } })
    await ok(approve(story))

    const other = await aContract({ amounts: [10_000] })
    await ok(start(other))
    for (const round of [1, 2, 3]) {
      await ok(submit(other))
      expect((await ok(giveBack(other))).body.rounds).toBe(round)
    }
    await ok(submit(other))
    expect((await giveBack(other)).body.code).toBe('changes_used_up')
  })
})

describe('an amendment', () => {
  it('signed by both changes terms, dates and milestones; what is held too much goes back', async () => {
    const story = await aContract({ amounts: [10_000, 20_000, 30_000] })
    await deliver(story, 0)
    const { milestones } = await contractOf(story)
    const [first, second] = milestones
    const asIs = { id: first.id, title: first.title, amountMinor: first.amountMinor }
    const cheaper = { id: second.id, title: 'Room 2, one coat', amountMinor: 15_000, dueAt: inDays(20) }
    const added = { title: 'Ceiling', amountMinor: 8_000 }
    const refusals: [object[], string][] = [
      [[{ ...asIs, amountMinor: 9_000 }, cheaper], 'milestone_ended'],
      [[cheaper], 'milestone_ended'],
      [[asIs, { ...cheaper, amountMinor: 20_001 }], 'milestone_funded'],
      [[asIs, { ...cheaper, id: story.contractId }], 'unknown_reference'],
      [
        milestones.map((m: typeof first) => ({ id: m.id, title: m.title, amountMinor: m.amountMinor })),
        'no_change_proposed',
      ],
    ]
    for (const [wanted, code] of refusals)
      expect((await amend(story, story.tasker, wanted)).body.code).toBe(code)
    const proposal = (await ok(amend(story, story.tasker, [asIs, cheaper, added]))).body
    expect(proposal).toMatchObject({
      status: 'pending',
      proposedBy: 'tasker',
      before: { totalMinor: 60_000 },
      after: { totalMinor: 33_000 },
      signatures: [{ party: 'tasker' }],
    })
    expect((await amend(story, story.client, [asIs, cheaper])).body.code).toBe('amendment_pending')
    expect((await contractOf(story)).totalMinor).toBe(60_000)
    const wrong = await answer(story, proposal.id, 'accept', story.client, { sha256: '0'.repeat(64) })
    expect(wrong.body.code).toBe('contract_changed')
    const own = await answer(story, proposal.id, 'accept', story.tasker, { sha256: proposal.sha256 })
    expect(own.status).toBe(403)
    const accepted = (
      await ok(answer(story, proposal.id, 'accept', story.client, { sha256: proposal.sha256 }))
    ).body
    expect(accepted.signatures).toHaveLength(2)
    const contract = await contractOf(story)
    expect(contract).toMatchObject({
      totalMinor: 33_000,
      sha256: proposal.sha256,
      escrow: { heldMinor: 15_000, refundedMinor: 35_000, releasedMinor: 10_000 },
    })
    expect(contract.milestones.map((m: typeof first) => [m.title, m.status, m.outcome])).toEqual(
      expect.arrayContaining([
        ['Room 2, one coat', 'pending', null],
        ['Ceiling', 'pending', null],
        ['Room 3', 'canceled', 'removed'],
      ]),
    )
    expect(await walletBalance(story.client)).toBe(75_000)
    expect((await bookingOf(story)).fare.rateAmountMinor).toBe(33_000)
    expect(await escrowBalance(story)).toBe(15_000)
  })

  it('is rejected by the other side, withdrawn by its own, or ends in time', async () => {
    const story = await aContract({ amounts: [10_000] })
    const wanted = [{ id: story.milestoneIds[0], title: 'Another', amountMinor: 9_000 }]
    const first = (await ok(amend(story, story.client, wanted))).body
    expect((await answer(story, first.id, 'reject', story.client)).status).toBe(403)
    expect((await ok(answer(story, first.id, 'reject', story.tasker))).body.status).toBe('rejected')
    const second = (await ok(amend(story, story.client, wanted))).body
    expect((await ok(answer(story, second.id, 'withdraw', story.client))).body.status).toBe('withdrawn')
    const third = (await ok(amend(story, story.client, wanted))).body
    await letPass(story, 8)
    const late = await answer(story, third.id, 'accept', story.tasker, { sha256: third.sha256 })
    expect(late.body.code).toBe('amendment_expired')
    await sweep()
    const { data } = (await ok(api(path(story, '/amendments'), { as: story.tasker }))).body
    expect(data.map(({ status }: { status: string }) => status)).toEqual(['expired', 'withdrawn', 'rejected'])
  })
})

describe('canceling', () => {
  it('before the work gives everything back and cancels booking and task', async () => {
    const story = await aContract({ amounts: [10_000, 20_000] })
    expect((await ok(cancel(story, story.tasker))).body).toMatchObject({
      status: 'canceled',
      escrow: { status: 'full_release', refundedMinor: 30_000, heldMinor: 0 },
      milestones: [{ status: 'canceled' }, { status: 'canceled' }],
    })
    expect(await walletBalance(story.client)).toBe(100_000)
    expect(await taskStateOf(story.taskId)).toBe('canceled_by_tasker')
    expect((await cancel(story, story.tasker)).body.code).toBe('invalid_transition')
  })

  it('with its booking takes the fee out of escrow, less commission, and a waived fee comes back', async () => {
    const story = await aContract({ amounts: [10_000, 20_000] })
    // The start is near: a fifth of the price is due.
    await database().write([
      sql`update bookings set scheduled_during = tstzrange(now() + interval '30 minutes', now() + interval '2 hours'), confirmed_at = now() - interval '1 hour',
                   fee_terms = khidma.fee_terms(task_id)
           where id = ${story.bookingId}`,
    ])
    const refused = await cancel(story, story.client, { reason: 'No', acceptFeeMinor: 0 })
    expect(refused).toMatchObject({ status: 409, body: { code: 'cancellation_fee_higher' } })
    await ok(
      api(`/v1/bookings/${story.bookingId}/cancel`, {
        as: story.client,
        body: { reason: 'No', acceptFeeMinor: 6_000 },
      }),
    )
    expect((await contractOf(story)).escrow).toMatchObject({
      releasedMinor: 6_000,
      commissionMinor: 900,
      refundedMinor: 24_000,
    })
    expect(await walletBalance(story.client)).toBe(94_000)
    const waiver = { reason: 'In hospital' }
    await ok(api(`/v1/bookings/${story.bookingId}/waive-fee`, { as: await anOps(), body: waiver }))
    expect(await walletBalance(story.client)).toBe(100_000)
  })

  it('is not the client’s while a milestone is under way; the tasker can, and keeps what was released', async () => {
    const story = await aContract({ amounts: [10_000, 20_000] })
    await deliver(story, 0)
    await ok(start(story, 1))
    expect((await cancel(story, story.client)).body.code).toBe('milestone_under_way')
    await ok(cancel(story, story.tasker))
    expect((await contractOf(story)).escrow).toMatchObject({ releasedMinor: 10_000, refundedMinor: 20_000 })
    expect(await bookingOf(story)).toMatchObject({
      status: 'completed',
      fare: { final: { amountMinor: 10_000 } },
    })
    expect(await taskStateOf(story.taskId)).toBe('settled')
  })

  it('at work, before anything was released, fails the task and cancels the booking', async () => {
    const story = await aContract({ amounts: [10_000] })
    await ok(start(story))
    await ok(cancel(story, await anOps()))
    expect(await bookingOf(story)).toMatchObject({ status: 'canceled' })
    expect(await taskStateOf(story.taskId)).toBe('failed')
    expect(await walletBalance(story.client)).toBe(100_000)
  })
})

describe('a dispute of the booking', () => {
  const decide = async (id: string, step: string, body: object) =>
    api(`/v1/disputes/${id}/${step}`, { as: await anOps(), body, headers: withKey() })

  it('freezes its contract, and the decision splits what is held', async () => {
    const story = await aContract({ amounts: [10_000, 20_000, 30_000] })
    await deliver(story, 0)
    await ok(start(story, 1))
    await ok(submit(story, 1))
    await ok(
      amend(story, story.tasker, [
        { id: story.milestoneIds[0], title: 'Room 1', amountMinor: 10_000 },
        { id: story.milestoneIds[1], title: 'Room 2', amountMinor: 20_000 },
      ]),
    )
    const disputeId = await dispute(story)
    expect(await contractOf(story)).toMatchObject({
      status: 'disputed',
      escrow: { status: 'disputed', heldMinor: 50_000 },
    })
    for (const call of [approve(story, 1), giveBack(story, 1), start(story, 2)])
      expect((await call).body.code).toBe('contract_not_active')
    await letPass(story, 30)
    await sweep()
    expect(await contractOf(story)).toMatchObject({ status: 'disputed', escrow: { heldMinor: 50_000 } })
    for (const [step, body] of [
      ['resolve', {}],
      ['reject', {}],
      ['refund', { amount: 1_000 }],
    ] as const)
      expect((await decide(disputeId, step, body)).status).toBe(409)
    const tooDear = await decide(disputeId, 'split', {
      taskerBasisPoints: 5_000,
      arbitrationAmountMinor: 2_501,
    })
    expect(tooDear).toMatchObject({ status: 422, body: { code: 'arbitration_too_dear' } })
    const tooMuch = await decide(disputeId, 'split', { taskerAmountMinor: 50_001 })
    expect(tooMuch).toMatchObject({ status: 422, body: { code: 'amount_above_held' } })
    const decided = await ok(
      decide(disputeId, 'split', {
        taskerBasisPoints: 5_000,
        arbitrationAmountMinor: 2_500,
        note: 'Half of it',
      }),
    )
    expect(decided.body).toMatchObject({
      status: 'resolved',
      resolution: {
        outcome: 'completed',
        taskerAmount: 23_750,
        clientAmount: 23_750,
        arbitrationAmount: 2_500,
      },
    })
    const contract = await contractOf(story)
    expect(contract).toMatchObject({
      status: 'completed',
      escrow: {
        status: 'full_release',
        releasedMinor: 33_750,
        refundedMinor: 23_750,
        arbitrationMinor: 2_500,
        heldMinor: 0,
      },
      milestones: [
        { status: 'completed', outcome: 'approved' },
        {
          status: 'completed',
          outcome: 'decided',
          releasedMinor: 20_000,
          submissions: [{ answer: 'closed' }],
        },
        {
          status: 'canceled',
          outcome: 'decided',
          releasedMinor: 3_750,
          arbitrationMinor: 2_500,
          refundedMinor: 23_750,
        },
      ],
    })
    expect(await escrowBalance(story)).toBe(0)
    expect(await walletBalance(story.client)).toBe(40_000 + 23_750)
    expect(await bookingOf(story)).toMatchObject({
      status: 'completed',
      fare: { final: { amountMinor: 33_750 } },
    })
    expect(await taskStateOf(story.taskId)).toBe('settled')
    const { data } = (await ok(api(path(story, '/transactions'), { as: story.tasker }))).body
    expect(data.map(({ type }: { type: string }) => type).toSorted()).toEqual([
      'escrow_hold',
      'escrow_release',
      'escrow_release',
      'fee',
      'refund',
    ])
  })

  it('cancels the booking where the tasker gets nothing of the contract', async () => {
    const story = await aContract({ amounts: [10_000] })
    await ok(start(story))
    const disputeId = await dispute(story)
    await ok(decide(disputeId, 'split', { taskerAmountMinor: 0 }))
    expect(await contractOf(story)).toMatchObject({ status: 'canceled', escrow: { refundedMinor: 10_000 } })
    expect((await bookingOf(story)).status).toBe('canceled')
    expect((await decide(disputeId, 'split', { taskerAmountMinor: 0 })).body.code).toBe('invalid_transition')
  })

  it('after the contract refunds, or splits, what was released', async () => {
    const story = await aContract({ amounts: [10_000] })
    await deliver(story, 0)
    const disputeId = await dispute(story)
    expect((await contractOf(story)).status).toBe('completed')
    expect((await decide(disputeId, 'refund', { amount: 10_001 })).body.code).toBe('amount_above_paid')
    await ok(decide(disputeId, 'refund', { amount: 4_000 }))
    expect(await walletBalance(story.client)).toBe(94_000)
    expect((await bookingOf(story)).status).toBe('completed')
    // The rest of it can be split later.
    const again = await dispute(story)
    expect(
      (await decide(again, 'split', { taskerAmountMinor: 1_000, arbitrationAmountMinor: 1 })).body.code,
    ).toBe('arbitration_too_dear')
    const { body } = await ok(decide(again, 'split', { taskerAmountMinor: 1_000 }))
    expect(body.resolution).toMatchObject({
      outcome: 'completed',
      source: 'payment',
      amount: 6_000,
      taskerAmount: 1_000,
      clientAmount: 5_000,
    })
    expect(await walletBalance(story.client)).toBe(99_000)
    expect((await bookingOf(story)).status).toBe('completed')
  })

  it('ends a draft that nobody has signed', async () => {
    const story = await aContract({ state: 'draft', booking: 'in_progress', amounts: [10_000] })
    await dispute(story)
    expect((await contractOf(story)).status).toBe('canceled')
  })
})

describe('the end of its booking', () => {
  it('by staff who give the task to another tasker gives back what the contract holds', async () => {
    const story = await aContract({ amounts: [10_000] })
    const other = await aTasker()
    const body = { taskerId: other.userId, reason: 'Ill' }
    await ok(api(`/v1/tasks/${story.taskId}/reassign`, { as: await anOps(), body }))
    expect(await contractOf(story)).toMatchObject({
      status: 'canceled',
      escrow: { status: 'full_release', refundedMinor: 10_000, heldMinor: 0 },
      milestones: [{ status: 'canceled' }],
    })
    expect(await walletBalance(story.client)).toBe(100_000)
    expect((await bookingOf(story)).status).toBe('canceled')
  })

  it('by the work that is done ends a draft', async () => {
    const story = await aContract({ state: 'draft', booking: 'in_progress', amounts: [10_000] })
    await ok(api(`/v1/bookings/${story.bookingId}/complete`, { as: story.tasker, method: 'POST' }))
    expect((await contractOf(story)).status).toBe('canceled')
  })
})
