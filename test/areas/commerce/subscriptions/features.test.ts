import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { api, type Caller, database, signedIn } from '../../../support/api.ts'
import { anOpenTask, configure, makeBid } from '../../../support/bids.ts'
import { anAgency, changeMember, join, member } from '../../../support/companies.ts'
import { aQueuedTask } from '../../../support/dispatch.ts'
import { anOps, aTasker, ok } from '../../../support/story.ts'
import { act, aPlan, subscribing } from '../../../support/subscriptions.ts'
import { anApplicant, aReadyTasker, aTrade, codeOf } from '../../../support/work.ts'

/** A free plan: what it gives is what counts. */
const subscribed = async (as: Caller, fields: object): Promise<string> => {
  const { id } = await aPlan({ priceMonthMinor: 0, priceYearMinor: null, ...fields })
  return (await ok(subscribing(as, id))).body.id
}

/** Basis points of a booking that staff open for a tasker now. */
async function commissionOf(tasker: Caller): Promise<number> {
  const { taskId } = await aQueuedTask()
  const body = { taskerId: tasker.userId }
  const { booking } = (await ok(api(`/v1/tasks/${taskId}/assign`, { as: await anOps(), body }))).body
  const [row] = await database().read<{ points: number }>(
    sql`select commission_basis_points as points from bookings where id = ${booking.id}`,
  )
  return row?.points ?? -1
}

/** The same for one that would be opened now. */
async function termsOf(tasker: Caller, client?: Caller): Promise<number> {
  const { taskId } = await aQueuedTask()
  if (client)
    await database().write([sql`update tasks set client_id = ${client.userId} where id = ${taskId}`])
  const [row] = await database().read<{ points: number }>(
    sql`select t.basis_points as points from khidma.commission_terms(${taskId}, ${tasker.userId}) t`,
  )
  return row?.points ?? -1
}

const badgeOf = async ({ userId }: Caller) => (await ok(api(`/v1/taskers/${userId}`))).body.planBadge

describe('what a plan gives', () => {
  it('is a lower commission of new bookings, and never one below nothing', async () => {
    const [plain, some, all] = [await aTasker(), await aTasker(), await aTasker()]
    const usual = await commissionOf(plain)
    expect(usual).toBeGreaterThan(300)
    await subscribed(some, { commissionDiscountBasisPoints: 300 })
    await subscribed(all, { commissionDiscountBasisPoints: 10_000 })
    expect(await commissionOf(some)).toBe(usual - 300)
    expect(await commissionOf(all)).toBe(0)
  })

  it('is more bids a day, and never fewer', async () => {
    const [client, trade] = [await signedIn('client'), await aTrade()]
    const [more, fewer] = [await aReadyTasker(trade), await aReadyTasker(trade)]
    await configure('bids.a_day', 2, { categoryId: trade.id })
    await subscribed(more, { bidsADay: 3 })
    await subscribed(fewer, { bidsADay: 1 })
    const tasks = [1, 2, 3, 4].map(() => anOpenTask(client, trade))
    const made = async (tasker: Caller) => {
      const codes: string[] = []
      for (const task of await Promise.all(tasks)) codes.push(await codeOf(makeBid(tasker, task)))
      return codes.map((code) => code.slice(0, 3))
    }
    expect(await made(more)).toEqual(['201', '201', '201', '409'])
    expect(await made(fewer)).toEqual(['201', '201', '409', '409'])
  })
})

describe('the plan of a company', () => {
  it('counts for its members whose work it earns, and for no others', async () => {
    const { company, tasker, memberId } = await anAgency()
    const own = await aTasker()
    const plain = await termsOf(await aTasker())
    await join(company, own, { payoutTo: 'member' })
    await subscribed(company, { commissionDiscountBasisPoints: 200, badge: 'pro', creditsAMonth: 9 })
    expect(await termsOf(tasker)).toBe(plain - 200)
    expect(await badgeOf(tasker)).toBe('pro')
    // Work for the company itself is the member's own.
    expect(await termsOf(tasker, company)).toBe(plain)
    expect(await termsOf(own)).toBe(plain)
    expect(await badgeOf(own)).toBeNull()
    // Credits are those of the account that subscribes.
    expect((await ok(api('/v1/me/credits', { as: tasker }))).body.balance).toBe(0)
    expect((await ok(api('/v1/me/credits', { as: company }))).body.balance).toBe(9)
    // A member who leaves, or earns their own work by agreement, has their own plan again.
    await ok(changeMember(company, memberId, { payoutTo: 'member' }))
    await ok(member(tasker, memberId, 'answer-payout', { isAccepted: true }))
    expect(await badgeOf(tasker)).toBeNull()
  })

  it('takes the place of the own plan of a member while the company earns', async () => {
    const { company, tasker, memberId } = await anAgency()
    const plain = await termsOf(await aTasker())
    await subscribed(tasker, { commissionDiscountBasisPoints: 500, badge: 'plus' })
    expect([await termsOf(tasker), await badgeOf(tasker)]).toEqual([plain, null])
    const id = await subscribed(company, { commissionDiscountBasisPoints: 100, badge: 'pro' })
    expect([await termsOf(tasker), await badgeOf(tasker)]).toEqual([plain - 100, 'pro'])
    await ok(act(company, id, 'pause'))
    expect(await badgeOf(tasker)).toBeNull()
    await ok(member(tasker, memberId, 'leave'))
    expect([await termsOf(tasker), await badgeOf(tasker)]).toEqual([plain - 500, 'plus'])
  })

  it('is a limit of bids a day for each member', async () => {
    const { company } = await anAgency()
    const [client, trade] = [await signedIn('client'), await aTrade()]
    const tasker = await anApplicant(trade)
    await configure('bids.a_day', 1, { categoryId: trade.id })
    await subscribed(company, { bidsADay: 40 })
    const task = await anOpenTask(client, trade)
    const bidsADay = async () => {
      const [row] = await database().read<{ n: number }>(
        sql`select khidma.bids_a_day(${task}, ${tasker.userId}) as n`,
      )
      return row?.n
    }
    expect(await bidsADay()).toBe(1)
    await join(company, tasker, { payoutTo: 'company' })
    expect(await bidsADay()).toBe(40)
  })
})
