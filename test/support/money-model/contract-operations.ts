import { newId } from '../../../src/core/ids.ts'
import type { Booking, Contract, Milestone } from './documents.ts'
import { further } from './further-operations.ts'
import type { Player } from './player.ts'
import type { Person } from './world.ts'

/** Deeds of both sides of a contract: they agree, pay into escrow, work, and release. */

const asActor = ({ id, role }: Person): string =>
  `select khidma.begin_request('${role}', '${id}', 'model', null, null, null, null, null)`

/** Both sign at once; what was chosen to pay the booking is released. */
export async function agreeOnContract(player: Player): Promise<boolean> {
  const booking = player.recent(
    player.bookings,
    ({ status, contract, payment }) =>
      status === 'in_progress' && contract === null && !payment.isCaptureDue && payment.status !== 'captured',
  )
  if (!booking) return false
  const [client, tasker] = [player.person(booking.client), player.person(booking.tasker)]
  const id = newId()
  const milestones = Array.from(
    { length: player.between(1, 3) },
    (): Milestone => ({
      ...{
        id: newId(),
        amount: player.between(500, 60_000),
        status: 'pending',
        isFunded: false,
        payment: null,
      },
    }),
  )
  const terms = milestones.map((m, n) => ({ id: m.id, title: `Room ${n + 1}`, amount: m.amount }))
  const sign = `select khidma.sign_contract('${id}', (select khidma.text_sha256(khidma.contract_text(c)) from contracts c where c.id = '${id}'))`
  player.note(`contract ${id} for ${booking.id}: ${terms.map(({ amount }) => amount)}`)
  const rows = await player.act(tasker, [
    `select khidma.draft_contract('${id}', '${booking.id}', '{"title": "Rooms", "scope": "Paint"}', '${JSON.stringify(terms)}')`,
    sign,
    asActor(client),
    sign,
  ])
  if (!rows) return true
  booking.contract = {
    ...{ id, booking, milestones, status: 'active', funded: 0, released: 0, refunded: 0 },
    ...{ arbitration: 0, commission: 0, disputed: 0 },
  }
  booking.price = milestones.reduce((sum, { amount }) => sum + amount, 0)
  if (['requires_action', 'authorized', 'failed'].includes(booking.payment.status))
    player.model.giveUp(booking.payment)
  return true
}

const ofContracts = (player: Player, fits: (c: Contract) => boolean): Contract | null =>
  player.recent(player.bookings, ({ contract }) => contract !== null && fits(contract))?.contract ?? null

const waits = ({ status, isFunded }: Milestone): boolean => status === 'pending' && !isFunded

export async function fundContract(player: Player): Promise<boolean> {
  const c = ofContracts(
    player,
    ({ status, milestones }) => status === 'active' && (milestones.some(waits) || player.chance(0.02)),
  )
  if (!c) return false
  const { booking } = c
  const isAll = player.chance(0.5)
  const unfunded = c.milestones.filter(waits)
  const milestones = isAll ? unfunded : unfunded.slice(0, 1)
  const amount = milestones.reduce((sum, m) => sum + m.amount, 0)
  const method = player.pick(['card', 'wallet'] as const)
  const has = player.model.books.available('client_wallet', booking.client, booking.currency)
  const isShort = method === 'wallet' && has < amount
  await further(
    player,
    player.person(booking.client),
    (key) => `select khidma.open_contract_payment('${key}', '${c.id}', ${isAll}, '${method}', false, null)`,
    {
      ...{ purpose: 'contract', booking, payee: booking.tasker, currency: booking.currency, method },
      milestones,
    },
    amount,
    amount === 0 ? 'escrow_funded' : isShort ? 'ledger_balances_guard' : 'ok',
    // One payment waits at a time.
    () => player.model.giveUpAll(c.milestones.flatMap(({ payment }) => payment ?? [])),
  )
  return true
}

/** The next step of a milestone: begun, handed in, or released. */
export async function workOnMilestone(player: Player): Promise<boolean> {
  const isNext = ({ status, isFunded }: Milestone) =>
    isFunded && status !== 'completed' && status !== 'canceled'
  const c = ofContracts(player, ({ status, milestones }) => status === 'active' && milestones.some(isNext))
  const m = c?.milestones.find(isNext)
  if (!c || !m) return false
  const { booking } = c
  const to = (status: string) =>
    `update milestones set status = '${status}' where id = '${m.id}' and contract_id = '${c.id}'`
  player.note(`milestone ${m.id} of ${m.amount} is ${m.status}, and goes on`)
  const steps = {
    pending: { by: booking.tasker, text: to('in_progress'), next: 'in_progress' },
    in_progress: {
      by: booking.tasker,
      text: `select khidma.submit_milestone('${newId()}', '${c.id}', '${m.id}', 'Done', '{}')`,
      next: 'submitted',
    },
    submitted: { by: booking.client, text: to('completed'), next: 'completed' },
  } as const
  const step = steps[m.status as keyof typeof steps]
  if (!(await player.act(player.person(step.by), [step.text]))) return true
  m.status = step.next
  if (m.status === 'completed') complete(player, booking, c, m)
  return true
}

function complete(player: Player, booking: Booking, c: Contract, m: Milestone): void {
  player.model.payMilestone(c, m)
  if (c.milestones.some(({ status }) => status !== 'completed')) return
  c.status = 'completed'
  booking.status = 'completed'
  booking.price = c.released
}
