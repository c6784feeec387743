import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { api, type Caller, database } from '../../../support/api.ts'
import {
  type Agency,
  anAgency,
  anOpenCompany,
  changeMember,
  join,
  member,
  theirBooking,
} from '../../../support/companies.ts'
import { aDirectTasker, anAssignedTask, aQueuedTask, assignmentsOf } from '../../../support/dispatch.ts'
import { addAccount, balanceOf, fund, schedule } from '../../../support/payout-stories.ts'
import { anAdmin, anOps, aTasker, ok, pretendWorkTook, taskStateOf, withKey } from '../../../support/story.ts'
import { codeOf } from '../../../support/work.ts'

const bookingsOf = async ({ company }: { company: Caller }, as = company, query = '') =>
  (await ok(api(`/v1/companies/${company.userId}/bookings${query}`, { as }))).body.data
const handOver = (as: Caller, company: Caller, bookingId: string, tasker: Caller) =>
  api(`/v1/companies/${company.userId}/bookings/${bookingId}/hand-over`, {
    as,
    body: { taskerId: tasker.userId, reason: 'Omar is ill.' },
  })
const read = async (as: Caller, bookingId: string) =>
  (await ok(api(`/v1/bookings/${bookingId}`, { as }))).body

async function aBookingOf(agency: Agency, steps: string[] = ['confirm']) {
  const { taskId, client } = await aQueuedTask()
  const bookingId = await theirBooking(taskId, { tasker: agency.tasker, client }, steps)
  return { taskId, client, bookingId, ...agency }
}

describe('the bookings of a company', () => {
  it('are those that its members made while they worked for it, and stay its own when they leave', async () => {
    const agency = await anAgency()
    const { tasker, company, memberId } = agency
    const { bookingId, client } = await aBookingOf(agency)
    expect(await bookingsOf(agency)).toMatchObject([
      { id: bookingId, taskerId: tasker.userId, payoutTo: 'company', status: 'confirmed', city: 'Cairo' },
    ])
    expect(await read(tasker, bookingId)).toMatchObject({ companyId: company.userId, payoutTo: 'company' })
    expect(await read(client, bookingId)).toMatchObject({ companyId: company.userId, payoutTo: null })
    await ok(member(tasker, memberId, 'leave'))
    const mine = await anAssignedTask()
    expect(await read(mine.tasker, mine.bookingId)).toMatchObject({ companyId: null, payoutTo: null })
    // The open booking is still the tasker's, and the company's.
    expect(await bookingsOf(agency, company, `?taskerId=${tasker.userId}&status=confirmed`)).toHaveLength(1)
    await ok(api(`/v1/bookings/${bookingId}/start`, { as: tasker, method: 'POST' }))
    expect(await read(tasker, bookingId)).toMatchObject({ status: 'in_progress', companyId: company.userId })
    await ok(api(`/v1/bookings/${bookingId}/complete`, { as: tasker, method: 'POST' }))
  })

  it('are no bookings of its members from before, nor of a company that is not approved', async () => {
    const [company, tasker] = [await anOpenCompany(), await aTasker()]
    const { taskId, client } = await aQueuedTask()
    const before = await theirBooking(taskId, { tasker, client })
    await join(company, tasker)
    expect(await bookingsOf({ company })).toEqual([])
    expect(await read(tasker, before)).toMatchObject({ companyId: null })
    await database().write([
      sql`update company_profiles set approval_status = 'rejected' where user_id = ${company.userId}`,
    ])
    const { bookingId } = await aBookingOf({ company, tasker, memberId: '' }, []).catch(() => ({
      bookingId: '',
    }))
    expect(bookingId === '' || (await read(tasker, bookingId)).companyId === null).toBe(true)
    expect(await bookingsOf({ company })).toEqual([])
  })

  it('are given to another member, as staff would: no fee, and the first one is free again', async () => {
    const agency = await anAgency()
    const next = await aTasker()
    await join(agency.company, next)
    const { bookingId, taskId, client } = await aBookingOf(agency)
    const { body } = await ok(handOver(agency.company, agency.company, bookingId, next))
    expect(body).toMatchObject({ taskId, taskerId: next.userId, status: 'offered', payoutTo: 'member' })
    expect(await read(client, bookingId)).toMatchObject({ status: 'canceled', cancellationFee: null })
    expect(await assignmentsOf(await anOps(), taskId)).toMatchObject([
      { status: 'pending', assignedBy: { id: agency.company.userId } },
      { status: 'revoked' },
    ])
    await ok(api(`/v1/bookings/${body.id}/accept`, { as: next, method: 'POST' }))
    expect(await taskStateOf(taskId)).toBe('accepted')
    expect(await bookingsOf(agency)).toHaveLength(2)
    const [counts] = await database().read(
      sql`select bookings_ended as ended from tasker_profiles where user_id = ${agency.tasker.userId}`,
    )
    expect(counts).toEqual({ ended: 0 })
  })

  it('are confirmed at once for a member whose contract needs no answer', async () => {
    const agency = await anAgency()
    const next = await aDirectTasker()
    await join(agency.company, next)
    const { bookingId, taskId } = await aBookingOf(agency)
    expect((await ok(handOver(agency.company, agency.company, bookingId, next))).body).toMatchObject({
      status: 'confirmed',
    })
    expect(await taskStateOf(taskId)).toBe('confirmed')
  })

  it('can be given away by a dispatcher, and of a member who has left; to members alone', async () => {
    const agency = await anAgency()
    const [dispatcher, next, former] = [await aTasker(), await aTasker(), await aTasker()]
    await join(agency.company, dispatcher, { role: 'dispatcher' })
    await join(agency.company, next)
    await ok(member(former, await join(agency.company, former), 'leave'))
    const { bookingId } = await aBookingOf(agency)
    const { company } = agency
    expect(await codeOf(handOver(next, company, bookingId, next))).toBe('403 forbidden')
    expect(await codeOf(handOver(await aTasker(), company, bookingId, next))).toBe('404 not_found')
    expect(await codeOf(handOver(dispatcher, company, bookingId, former))).toBe('422 not_a_member')
    expect(await codeOf(handOver(dispatcher, company, bookingId, await aTasker()))).toBe('422 not_a_member')
    await ok(member(agency.tasker, agency.memberId, 'leave'))
    expect((await ok(handOver(dispatcher, company, bookingId, next))).body).toMatchObject({
      taskerId: next.userId,
    })
  })

  it('of another company cannot be given away, nor work that has begun', async () => {
    const [agency, other] = [await anAgency(), await anAgency()]
    const next = await aTasker()
    await join(other.company, next)
    const { bookingId } = await aBookingOf(agency)
    expect(await codeOf(handOver(other.company, other.company, bookingId, next))).toBe('404 not_found')
    const mine = await aTasker()
    await join(agency.company, mine)
    await ok(api(`/v1/bookings/${bookingId}/start`, { as: agency.tasker, method: 'POST' }))
    expect(await codeOf(handOver(agency.company, agency.company, bookingId, mine))).toBe(
      '409 not_reassignable',
    )
    expect(await codeOf(handOver(agency.company, agency.company, newId(), mine))).toBe('404 not_found')
  })
})

describe('the money of a booking of a company', () => {
  const steps = ['confirm', 'start', 'complete']
  const accounts = async ({ tasker, company }: Agency, kind: string) => ({
    company: (await balanceOf(company, kind)).balance,
    tasker: (await balanceOf(tasker, kind)).balance,
  })

  const takeCash = (as: Caller, bookingId: string) =>
    ok(api(`/v1/bookings/${bookingId}/payment/confirm-cash`, { as, method: 'POST', headers: withKey() }))

  it('in cash: the commission is the debt of the company that earns it, and a tip is the tasker’s', async () => {
    const agency = await anAgency()
    const { bookingId, client, tasker, company } = await aBookingOf(agency, steps)
    await pretendWorkTook({ bookingId }, 60)
    await takeCash(tasker, bookingId)
    const owed = await accounts(agency, 'commission_receivable')
    expect(owed).toEqual({ company: -3_000, tasker: 0 })
    expect(await accounts(agency, 'tasker_payable')).toEqual({ company: 0, tasker: 0 })
    await fund('client_wallet', client, 5_000)
    const tip = { method: 'wallet', amountMinor: 1_000 }
    await ok(api(`/v1/bookings/${bookingId}/tips`, { as: client, body: tip, headers: withKey() }))
    expect(await accounts(agency, 'tasker_payable')).toEqual({ company: 0, tasker: 1_000 })
    const { body } = await ok(api(`/v1/companies/${company.userId}/earnings`, { as: company }))
    // The member has the notes; the company has earned the fare, and its books have paid it out.
    expect(body.currencies).toMatchObject([{ currency: 'EGP', owedFeeAmount: 3_000, paidOutAmount: 20_000 }])
    const own = await ok(api('/v1/me/earnings', { as: tasker }))
    expect(own.body.currencies).toMatchObject([{ currency: 'EGP', payableAmount: 1_000, paidOutAmount: 0 }])
  })

  it('from the wallet: the net is payable to the company, a refund comes from it, and it is paid out to it', async () => {
    const agency = await anAgency()
    const { bookingId, client, company, memberId, tasker } = await aBookingOf(agency)
    await fund('client_wallet', client, 100_000)
    const wallet = { method: 'wallet' }
    await ok(api(`/v1/bookings/${bookingId}/payment`, { as: client, body: wallet, headers: withKey() }))
    await ok(api(`/v1/bookings/${bookingId}/start`, { as: tasker, method: 'POST' }))
    // Neither the end of the membership nor another agreement changes what was agreed with the booking.
    await ok(changeMember(company, memberId, { payoutTo: 'member' }))
    await ok(member(tasker, memberId, 'answer-payout', { isAccepted: true }))
    await ok(member(tasker, memberId, 'leave'))
    await ok(api(`/v1/bookings/${bookingId}/complete`, { as: tasker, method: 'POST' }))
    expect(await accounts(agency, 'tasker_payable')).toEqual({ company: 17_000, tasker: 0 })
    const payment = (await ok(api(`/v1/bookings/${bookingId}/payment`, { as: client }))).body
    const refund = { amountMinor: 5_000, reason: 'requested' }
    await ok(
      api(`/v1/payments/${payment.id}/refunds`, { as: await anAdmin(), body: refund, headers: withKey() }),
    )
    expect(await accounts(agency, 'tasker_payable')).toEqual({ company: 12_000, tasker: 0 })
    expect(await accounts(agency, 'refund_receivable')).toEqual({ company: 0, tasker: 0 })
    await addAccount(company)
    const payday = () => schedule(company, 'EGP', { minimum: { EGP: 1_000 }, holdDays: 0 })
    const disputed = { as: client, body: { reason: 'It drips.' } }
    const { id } = (await ok(api(`/v1/bookings/${bookingId}/dispute`, disputed))).body
    await payday()
    expect(await balanceOf(company, 'tasker_payable')).toEqual({ balance: 12_000, held: 0 })
    await ok(api(`/v1/disputes/${id}/reject`, { as: await anOps(), body: {}, headers: withKey() }))
    await payday()
    expect(await balanceOf(company, 'tasker_payable')).toEqual({ balance: 12_000, held: 12_000 })
    const rest = { amountMinor: 15_000, reason: 'requested' }
    await ok(
      api(`/v1/payments/${payment.id}/refunds`, { as: await anAdmin(), body: rest, headers: withKey() }),
    )
    expect(await accounts(agency, 'refund_receivable')).toEqual({ company: -15_000, tasker: 0 })
    const differences = await database().read(
      sql`select d.what from khidma.document_differences() d where d.document_id = ${payment.id}`,
    )
    expect(differences).toEqual([])
  })

  it('is the member’s where both have agreed so', async () => {
    const agency = await anAgency({ payoutTo: 'member' })
    const { bookingId, tasker } = await aBookingOf(agency, steps)
    await pretendWorkTook({ bookingId }, 60)
    await takeCash(tasker, bookingId)
    expect(await accounts(agency, 'commission_receivable')).toEqual({ company: 0, tasker: -3_000 })
  })

  it('a fee for a tasker who cancels is the debt of whoever would have earned', async () => {
    const agency = await anAgency()
    const { bookingId } = await aBookingOf(agency)
    await database().write([
      sql`update bookings set fee_terms = '{"cancellation": {"client": {"basisPoints": 0, "minimum": 0, "maximum": null, "freeMinutesBefore": 0, "freeMinutesAfter": 0}, "tasker": {"basisPoints": 1000, "minimum": 500, "maximum": null, "freeMinutesBefore": 100000, "freeMinutesAfter": 0}}}'::jsonb,
                 confirmed_at = now() - interval '1 day' where id = ${bookingId}`,
    ])
    const fee = await read(agency.tasker, bookingId)
    const body = { reason: 'Ill.', acceptFeeMinor: fee.cancellation?.tasker?.feeMinor ?? 3_000 }
    await ok(api(`/v1/bookings/${bookingId}/cancel`, { as: agency.tasker, body }))
    const fees = await accounts(agency, 'fee_receivable')
    expect(fees.tasker).toBe(0)
    expect(fees.company).toBeLessThan(0)
  })

  it('keeps members from more work while the company owes above the cap', async () => {
    const agency = await anAgency()
    await database().write([
      sql`select khidma.post_entry(khidma.uuid_v7(), 'adjustment', null, ${newId()}, 'EGP', ${JSON.stringify([
        { account: 'refund_receivable', owner: agency.company.userId, name: null, amount: -90_000_000 },
        { account: 'platform_fee', owner: null, name: null, amount: 90_000_000 },
      ])}::jsonb)`,
    ])
    const { taskId } = await aQueuedTask()
    const body = { taskerId: agency.tasker.userId }
    const assigned = await api(`/v1/tasks/${taskId}/assign`, { as: await anOps(), body })
    expect(`${assigned.status} ${assigned.body.code}`).toBe('409 tasker_not_assignable')
  })
})
