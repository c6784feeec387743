import { newId } from '../../../src/core/ids.ts'
import { type Booking, type Dispute, fareOf, heldOf, isPaid, openDisputeOf } from './documents.ts'
import type { Player } from './player.ts'
import { type Actor, type Person, system } from './world.ts'

/** Deeds of both sides and of staff in disputes. Each says whether there was anything to do. */

type Side = Dispute['openedBy']

const perBooking = 3

const actorOf = (player: Player, { client, tasker }: Booking, side: Side): Person =>
  side === 'ops' ? player.staff.proposer : player.person(side === 'client' ? client : tasker)

const disputed = (player: Player): Dispute | null => {
  const booking = player.recent(player.bookings, ({ status }) => status === 'disputed')
  return booking && openDisputeOf(booking)
}

export async function openDispute(player: Player): Promise<boolean> {
  const booking = player.recent(
    player.bookings,
    ({ status }) => status === 'in_progress' || status === 'completed',
  )
  if (!booking) return false
  await openDisputeOn(player, booking, player.pick(['client', 'client', 'tasker', 'ops'] as const))
  return true
}

export async function openDisputeOn(player: Player, booking: Booking, by: Side): Promise<Dispute | null> {
  const paid = player.model.refundableFor(booking)
  const inQuestion =
    player.crashiness > 0 && player.chance(0.4) ? player.between(1, Math.ceil(paid * 1.05) + 1) : null
  const isTooMany = by !== 'ops' && booking.disputes.filter(({ appealOf }) => !appealOf).length >= perBooking
  const expected =
    inQuestion !== null && inQuestion > paid ? 'amount_above_paid' : isTooMany ? 'too_many_disputes' : 'ok'
  const id = newId()
  const actor = actorOf(player, booking, by)
  player.note(`${by} disputes ${booking.id}, ${booking.status}, ${inQuestion} of ${paid}: ${expected}`)
  const rows = await player.act(
    actor,
    [
      `select khidma.dispute_booking('${booking.id}')`,
      `insert into disputes (id, booking_id, opened_by, type, reason, amount_in_question, currency)
       values ('${id}', '${booking.id}', '${actor.id}', 'quality', 'It drips', ${inQuestion}, '${booking.currency}')`,
      workedUntil(id),
    ],
    expected,
  )
  return rows && opened(player, booking, id, { openedBy: by, inQuestion, worked: rows[0].worked })
}

const workedUntil = (dispute: string) =>
  `select ceil(extract(epoch from d.created_at - b.started_at) / 60)::int as worked from disputes d join bookings b on b.id = d.booking_id where d.id = '${dispute}'`

function opened(
  player: Player,
  booking: Booking,
  id: string,
  made: Pick<Dispute, 'openedBy' | 'inQuestion' | 'worked'> & { appealOf?: Dispute },
): Dispute {
  const dispute: Dispute = {
    ...{ id, booking, status: 'open', decidedBy: null, isAppealed: false, offer: null, returned: 0 },
    ...{ appealOf: null, ...made },
  }
  player.model.openDispute(dispute)
  return dispute
}

/** One side appeals against a decision of staff. */
export async function appeal(player: Player): Promise<boolean> {
  const booking = player.recent(
    player.bookings,
    ({ status, disputes }) => status === 'completed' && disputes.some(({ decidedBy }) => decidedBy !== null),
  )
  const of = booking?.disputes.find(
    ({ decidedBy, appealOf, isAppealed }) =>
      decidedBy !== null && !appealOf && (!isAppealed || player.chance(0.1)),
  )
  if (!booking || !of) return false
  const openedBy = player.pick(['client', 'tasker'] as const)
  const paid = player.model.refundableFor(booking)
  const inQuestion = Math.min(of.inQuestion ?? paid, paid) || null
  const id = newId()
  const expected = of.isAppealed ? 'already_appealed' : 'ok'
  player.note(`${openedBy} appeals against ${of.id}, ${inQuestion}: ${expected}`)
  const rows = await player.act(
    actorOf(player, booking, openedBy),
    [`select khidma.appeal_dispute('${id}', '${of.id}', 'Not fair', null)`, workedUntil(id)],
    expected,
  )
  if (!rows) return true
  of.isAppealed = true
  opened(player, booking, id, { openedBy, inQuestion, worked: rows[0].worked, appealOf: of })
  return true
}

/** Nobody has done anything in time. */
export async function escalate(player: Player): Promise<boolean> {
  const d = disputed(player)
  if (d?.status !== 'open') return false
  player.note(`dispute ${d.id} escalates`)
  const rows = await player.act(system, [
    `update disputes set due_at = now() where id = '${d.id}'`,
    'select khidma.collect_dispute_deadlines(10)',
  ])
  if (rows) d.status = 'escalated'
  return true
}

/** The member of staff who decides: another one than whose decision it is about, or they are refused. */
function deciderOf(player: Player, { appealOf }: Dispute): { decider: Person; isOwn: boolean } {
  const all = [player.staff.proposer, player.staff.approver]
  const others = all.filter(({ id }) => id !== appealOf?.decidedBy)
  const decider = player.pick(player.crashiness === 0 ? others : all)
  return { decider, isOwn: appealOf?.decidedBy === decider.id }
}

/** Staff resolve or reject it, or who opened it lets it go. */
export async function endDispute(player: Player): Promise<boolean> {
  const d = disputed(player)
  if (!d) return false
  await endDisputeOf(player, d, player.pick(['completed', 'canceled', 'rejected', 'withdrawn'] as const))
  return true
}

export async function endDisputeOf(
  player: Player,
  d: Dispute,
  end: 'completed' | 'canceled' | 'rejected' | 'withdrawn',
): Promise<void> {
  const { booking } = d
  const { contract } = booking
  const { decider, isOwn } = deciderOf(player, d)
  const isByOpener = end === 'withdrawn'
  if (isByOpener && d.openedBy === 'ops') return
  const actor: Actor = isByOpener ? actorOf(player, booking, d.openedBy) : decider
  const isFrozen = contract?.status === 'disputed'
  const needsSplit = isFrozen && heldOf(contract) > 0
  const outcome = end === 'canceled' ? 'canceled' : 'completed'
  const isRefused = outcome === 'canceled' && !isFrozen && isPaid(booking)
  const refusal = needsSplit ? 'contract_needs_split' : isRefused ? 'already_paid' : 'ok'
  const expected = isOwn && !isByOpener ? 'decided_by_you' : refusal
  const status = isByOpener || end === 'rejected' ? end : 'resolved'
  const resolution = status === 'resolved' ? { outcome } : {}
  player.note(`dispute ${d.id} of ${booking.id} ends ${end}, payment ${booking.payment.status}: ${expected}`)
  const rows = await player.act(
    actor,
    [
      `update disputes set status = '${status}', resolution = '${JSON.stringify(resolution)}' where id = '${d.id}'`,
    ],
    expected,
  )
  if (!rows) return
  if (!isByOpener) d.decidedBy = decider.id
  player.model.endDispute(d, status, outcome)
}

/** Staff refund a part of what was paid. */
export async function refundDispute(player: Player): Promise<boolean> {
  const d = disputed(player)
  if (!d) return false
  const { booking } = d
  const { decider, isOwn } = deciderOf(player, d)
  const p = booking.payment
  // An authorised amount is captured with the end of the dispute, and can be refunded then.
  const isCaptured = !isPaid(booking) && p.status === 'authorized' && (p.method === 'wallet' || p.isPrepaid)
  const paid = isCaptured
    ? Math.min(fareOf({ ...booking, worked: booking.worked || d.worked }), p.authorized)
    : player.model.refundableFor(booking)
  const amount = player.chance(0.15) ? paid + 1 : player.between(1, Math.max(paid, 1))
  const isFrozen = booking.contract?.status === 'disputed'
  const isPaidThen = isCaptured || isPaid(booking) || (isFrozen && (booking.contract?.released ?? 0) > 0)
  const ofAmount = !isPaidThen ? 'nothing_to_refund' : amount > paid ? 'amount_above_paid' : 'ok'
  const refusal = isFrozen && heldOf(booking.contract) > 0 ? 'contract_needs_split' : ofAmount
  const expected = isOwn ? 'decided_by_you' : refusal
  player.note(`dispute ${d.id} of ${booking.id} refunds ${amount} of ${paid}: ${expected}`)
  const rows = await player.act(
    decider,
    [
      `update disputes set status = 'refunded', resolution = '{"refundAmount": ${amount}}' where id = '${d.id}'`,
      `select khidma.refuse(409, 'nothing_to_refund') from disputes d where d.id = '${d.id}' and not khidma.is_paid(d.booking_id)`,
      `select khidma.refund_booking(d.booking_id, ${amount}, 'dispute', 'original', null, d.id) from disputes d where d.id = '${d.id}'`,
    ],
    expected,
  )
  if (!rows) return true
  d.decidedBy = decider.id
  player.model.refundDispute(d, amount)
  return true
}

export async function splitDispute(player: Player): Promise<boolean> {
  const d = disputed(player)
  if (!d) return false
  await splitDisputeOf(player, d)
  return true
}

/** Staff divide what it is about. */
export async function splitDisputeOf(player: Player, d: Dispute): Promise<void> {
  const { booking } = d
  const { decider, isOwn } = deciderOf(player, d)
  const { source, amount } = player.model.subjectOf(d)
  const most = source === 'escrow' ? Math.floor(((booking.contract?.disputed ?? 0) * 500) / 10_000) : 0
  const arbitration = most > 0 && player.chance(0.4) ? player.between(1, most) : 0
  const whole = amount - arbitration
  const isTooMuch = player.crashiness > 0 && player.chance(0.1)
  const toTasker = isTooMuch
    ? whole + 1
    : player.pick([0, whole, player.between(0, whole), player.between(0, whole)])
  const refusal = source === null ? 'nothing_to_split' : isTooMuch ? 'amount_above_held' : 'ok'
  const expected = isOwn && refusal === 'ok' ? 'decided_by_you' : refusal
  player.note(
    `dispute ${d.id} of ${booking.id} splits ${source} ${amount}: ${toTasker}, ${arbitration}: ${expected}`,
  )
  const text = `select khidma.decide_split('${d.id}', null, ${toTasker}, ${arbitration}, null)`
  if (!(await player.act(decider, [text], expected))) return
  d.decidedBy = decider.id
  player.model.split(d, toTasker, arbitration)
}

/** Somebody proposes a split. */
export async function propose(player: Player): Promise<boolean> {
  const d = disputed(player)
  if (!d) return false
  const { amount } = player.model.subjectOf(d)
  const by = player.pick(['client', 'tasker', 'ops'] as const)
  const toTasker = player.pick([0, amount, player.between(0, amount)])
  const id = newId()
  const expected = amount === 0 ? 'nothing_to_split' : d.offer ? 'dispute_offers_one_pending' : 'ok'
  player.note(`${by} proposes ${toTasker} of ${amount} in dispute ${d.id}: ${expected}`)
  const text = `select khidma.propose_dispute_offer('${id}', '${d.id}', ${amount - toTasker}, ${toTasker}, null)`
  if (await player.act(actorOf(player, d.booking, by), [text], expected))
    d.offer = { id, amount, toTasker, by, accepted: new Set(by === 'ops' ? [] : [by]) }
  return true
}

/** A side accepts or declines an offer, or who made it takes it back. */
export async function answer(player: Player): Promise<boolean> {
  const booking = player.recent(
    player.bookings,
    (each) => each.status === 'disputed' && openDisputeOf(each)?.offer != null,
  )
  const d = booking && openDisputeOf(booking)
  if (!d?.offer) return false
  const { offer } = d
  const which = `'${d.id}', '${offer.id}'`
  if (player.chance(0.15)) {
    player.note(`${offer.by} withdraws offer ${offer.id}`)
    const text = `select khidma.withdraw_dispute_offer(${which})`
    if (await player.act(actorOf(player, d.booking, offer.by), [text])) d.offer = null
    return true
  }
  const side = player.pick((['client', 'tasker'] as const).filter((each) => each !== offer.by))
  const isDeclined = player.chance(0.15)
  const isLast = !isDeclined && !offer.accepted.has(side) && offer.accepted.size === 1
  const isOutdated = isLast && player.model.subjectOf(d).amount !== offer.amount
  const expected = isOutdated ? 'dispute_offer_outdated' : 'ok'
  player.note(`${side} answers offer ${offer.id}, ${isDeclined ? 'no' : 'yes'}: ${expected}`)
  const text = `select khidma.${isDeclined ? 'decline' : 'accept'}_dispute_offer(${which})`
  if (!(await player.act(actorOf(player, d.booking, side), [text], expected))) return true
  if (isDeclined) d.offer = null
  else if (isLast) player.model.split(d, offer.toTasker, 0)
  else offer.accepted.add(side)
  return true
}

/** At the end: contracts that go on are disputed, and every dispute is decided. */
export async function endAllDisputes(player: Player): Promise<void> {
  for (const booking of player.bookings) {
    if (booking.contract?.status === 'active') await openDisputeOn(player, booking, 'ops')
    const d = openDisputeOf(booking)
    if (!d) continue
    if (heldOf(booking.contract) > 0) await splitDisputeOf(player, d)
    else await endDisputeOf(player, d, 'rejected')
  }
}
