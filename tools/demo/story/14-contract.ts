import { createHash } from 'node:crypto'
import type { z } from '@hono/zod-openapi'
import type { Payment } from '../../../src/areas/money/payments/schemas.ts'
import type { Dispute } from '../../../src/areas/trust/disputes/schemas.ts'
import type { Milestone } from '../../../src/areas/work/contracts/milestone-schemas.ts'
import type { Contract } from '../../../src/areas/work/contracts/schemas.ts'
import { openDispute } from '../../../test/support/scenes.ts'
import { check, checkEqual, found } from '../failure.ts'
import { money } from '../narrator.ts'
import type { Person } from '../people.ts'
import type { BookingBody, Cast, Stage } from '../stage.ts'
import { actOf, bookTask, getTask, newKey, toldOf } from '../steps.ts'
import { commissionOf, entriesOf, totals } from './5-money.ts'
import { walletOf } from './10-wallet.ts'

type ContractBody = z.infer<typeof Contract>
type MilestoneBody = z.infer<typeof Milestone>
type DisputeBody = z.infer<typeof Dispute>

interface Signed {
  contract: ContractBody
  taskId: string
  tasker: Person
}

const currency = 'EGP'
const terms = { title: 'A new bathroom', scope: 'New pipes, new tiles, a new tub.', exclusions: 'Lamps.' }
const milestonesAt = (lastMinor: number) => [
  { title: 'The pipes are in', amountMinor: 30_000 },
  { title: 'The tiles are laid', amountMinor: 40_000 },
  { title: 'The tub is connected', amountMinor: lastMinor },
]

/** A contract in three parts: one is paid, one is fought about, and one is never begun. */
export async function workByContract(stage: Stage, cast: Cast): Promise<void> {
  stage.narrator.chapter('14. A contract: signed, paid into escrow, delivered in part, and split by staff')
  const signed = await sign(stage, cast, found('the third tasker', cast.taskers[2]))
  await fund(stage, cast, signed)
  await deliverFirst(stage, cast, signed)
  const { dispute, held } = await fightOverSecond(stage, cast, signed)
  await split(stage, cast, signed, dispute, held)
}

const contractOf = ({ api }: Stage, as: Person, { contract }: Pick<Signed, 'contract'>) =>
  api.call<ContractBody>(`/v1/contracts/${contract.id}`, { as })

/** Each side signs the text on its screen, by its hash; a change of the text makes a signature void. */
async function sign(stage: Stage, cast: Cast, tasker: Person): Promise<Signed> {
  const { api, narrator } = stage
  const { client } = cast
  const wish = { description: 'The bathroom is older than the house.', inDays: 12 }
  const { id: bookingId, task } = await bookTask(stage, cast, wish, tasker)
  const draft = { terms, milestones: milestonesAt(60_000) }
  const contract = await api.act<ContractBody>(`/v1/bookings/${bookingId}/contract`, tasker, draft)
  const path = `/v1/contracts/${contract.id}`
  checkEqual('the hash of the text', hashOf(contract.text), contract.sha256)
  const half = await api.act<ContractBody>(`${path}/sign`, tasker, { sha256: contract.sha256 })
  checkEqual('who has signed', partiesOf(half), ['tasker'])

  const json = { terms, milestones: milestonesAt(50_000) }
  const revised = await api.call<ContractBody>(path, { as: client, method: 'PUT', json })
  checkEqual('who has signed the cheaper one', partiesOf(revised), [])
  const stale = { as: client, json: { sha256: contract.sha256 } }
  await api.refused(409, 'contract_changed', `${path}/sign`, stale)
  for (const person of [client, tasker]) {
    const shown = await contractOf(stage, person, { contract })
    await api.act(`${path}/sign`, person, { sha256: hashOf(shown.text) })
  }
  const active = await contractOf(stage, client, { contract })
  checkEqual('the contract', [active.status, partiesOf(active)], ['active', ['client', 'tasker']])
  checkEqual(
    'what they have signed',
    active.signatures.map(({ sha256 }) => sha256),
    [active.sha256, active.sha256],
  )
  const booking = await api.call<BookingBody>(`/v1/bookings/${bookingId}`, { as: client })
  checkEqual(
    'the booking and its price',
    [booking.status, booking.fare?.rateAmountMinor],
    ['confirmed', active.totalMinor],
  )
  narrator.tell(
    `${tasker.name} drafts three milestones and signs. Mona wants the last one cheaper: his signature is void, the old hash is refused (409), and both sign the new text. ${money(active.totalMinor, currency)} are the price of the booking now`,
  )
  return { contract: active, taskId: task.id, tasker }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const partiesOf = ({ signatures }: ContractBody): string[] => signatures.map(({ party }) => party)

/** Money that neither side can touch: out of her wallet, and not yet his. */
async function fund(stage: Stage, { client }: Cast, signed: Signed): Promise<void> {
  const { api, narrator } = stage
  const { id, bookingId, totalMinor } = signed.contract
  await api.refused(409, 'milestone_not_funded', `${milestonePath(signed, 0)}/start`, {
    as: signed.tasker,
    method: 'POST',
  })
  const { available } = await walletOf(stage, client)
  const paid = await api.act<z.infer<typeof Payment>>(`/v1/contracts/${id}/fund`, client, {
    milestones: 'all',
    method: 'wallet',
  })
  checkEqual('the payment', [paid.status, paid.amountCaptured], ['captured', totalMinor])
  checkEqual('the wallet afterwards', (await walletOf(stage, client)).available, available - totalMinor)
  const { escrow } = await contractOf(stage, client, signed)
  checkEqual('what is in escrow', [escrow?.status, escrow?.heldMinor], ['held', totalMinor])
  await api.refused(409, 'contract_decides', `/v1/bookings/${bookingId}/payment`, {
    as: client,
    json: { method: 'cash' },
    idempotencyKey: newKey(),
  })
  narrator.tell(
    `Nothing begins before it is paid (409): Mona pays all three into escrow from her wallet. The booking has no other payment any more (409)`,
  )
}

const milestonePath = ({ contract }: Signed, index: number): string =>
  `/v1/contracts/${contract.id}/milestones/${found('a milestone', contract.milestones[index]).id}`

const move = (
  { api }: Stage,
  signed: Signed,
  index: number,
  as: Person,
  action: 'start' | 'submit' | 'return' | 'approve',
  note?: string,
): Promise<MilestoneBody> =>
  api.act<MilestoneBody>(`${milestonePath(signed, index)}/${action}`, as, note ? { note } : undefined)

async function deliverFirst(stage: Stage, { client }: Cast, signed: Signed): Promise<void> {
  const { api, narrator } = stage
  const { tasker } = signed
  await move(stage, signed, 0, tasker, 'start')
  const submitted = await move(stage, signed, 0, tasker, 'submit', 'All pipes are new.')
  check('a time at which silence approves', submitted.releasesAt !== null, submitted)
  const returned = await move(stage, signed, 0, client, 'return', 'The one to the balcony is the old one.')
  checkEqual(
    'the milestone that was sent back',
    [returned.status, returned.rounds, returned.releasesAt],
    ['in_progress', 1, null],
  )
  await move(stage, signed, 0, tasker, 'submit', 'Now that one too.')
  await api.refused(403, 'forbidden', `${milestonePath(signed, 0)}/approve`, {
    as: tasker,
    method: 'POST',
    idempotencyKey: newKey(),
  })
  const approved = await move(stage, signed, 0, client, 'approve')
  checkEqual('the milestone', [approved.status, approved.outcome], ['completed', 'approved'])
  checkEqual(
    'how it was answered',
    approved.submissions.map(({ answer }) => answer),
    ['returned', 'approved'],
  )
  const { escrow } = await contractOf(stage, client, signed)
  const [amount, left] = [approved.amountMinor, signed.contract.totalMinor - approved.amountMinor]
  checkEqual(
    'the escrow',
    [escrow?.releasedMinor, escrow?.commissionMinor, escrow?.heldMinor],
    [amount, commissionOf(amount), left],
  )
  narrator.tell(
    `${tasker.name} hands in the first one; Mona sends it back once, which stops the clock of her silence, and approves it then: ${money(amount, currency)} are released to him, less ${money(commissionOf(amount), currency)} of commission`,
  )
}

/** While they fight nothing moves, whoever asks. */
async function fightOverSecond(
  stage: Stage,
  cast: Cast,
  signed: Signed,
): Promise<{ dispute: DisputeBody; held: number }> {
  const { api, narrator } = stage
  const { client, ops } = cast
  const { contract, taskId, tasker } = signed
  await move(stage, signed, 1, tasker, 'start')
  await move(stage, signed, 1, tasker, 'submit', 'Every tile is on the wall.')
  const complaint = { reason: 'Every third tile is on the floor again.' }
  const dispute: DisputeBody = await openDispute(actOf(stage), client, contract.bookingId, complaint)
  await toldOf(cast, tasker, 'booking.disputed', taskId)
  const frozen = await contractOf(stage, tasker, signed)
  const held = found('what is held', frozen.escrow?.heldMinor)
  checkEqual('contract and escrow', [frozen.status, frozen.escrow?.status], ['disputed', 'disputed'])
  const attempts = [
    [client, 1, 'approve'],
    [tasker, 2, 'start'],
  ] as const
  for (const [as, index, action] of attempts) {
    await api.refused(409, 'contract_not_active', `${milestonePath(signed, index)}/${action}`, {
      as,
      method: 'POST',
      idempotencyKey: newKey(),
    })
  }
  await api.refused(409, 'contract_needs_split', `/v1/disputes/${dispute.id}/resolve`, {
    as: ops,
    json: { note: 'They will get along.' },
  })
  narrator.tell(
    `The second is handed in, and Mona opens a dispute: ${money(held, currency)} are frozen. She cannot approve, he cannot go on, and staff cannot just close it (409)`,
  )
  return { dispute, held }
}

/** Staff are paid for the decision out of what is held, within a limit that the contract has kept. */
async function split(
  stage: Stage,
  cast: Cast,
  { contract, taskId }: Signed,
  dispute: DisputeBody,
  held: number,
): Promise<void> {
  const { api, narrator } = stage
  const { client, ops } = cast
  const path = `/v1/disputes/${dispute.id}/split`
  const arbitration = Math.floor((held * contract.rules.arbitrationBasisPoints) / 10_000)
  const splitAt = (arbitrationAmountMinor: number) => ({
    taskerBasisPoints: 5_000,
    arbitrationAmountMinor,
    note: 'The photos show half of the tiles.',
  })
  await api.refused(422, 'arbitration_too_dear', path, {
    as: ops,
    json: splitAt(arbitration + 1),
    idempotencyKey: newKey(),
  })
  const before = await walletOf(stage, client)
  const decided = await api.act<DisputeBody>(path, ops, splitAt(arbitration))
  const half = (held - arbitration) / 2
  const { taskerAmount, clientAmount, arbitrationAmount } = found('a decision', decided.resolution)
  checkEqual('its parts', [taskerAmount, clientAmount, arbitrationAmount], [half, half, arbitration])
  checkEqual('her wallet', (await walletOf(stage, client)).available, before.available + half)
  const { status, escrow, milestones } = await contractOf(stage, client, { contract })
  checkEqual('the contract', [status, escrow?.status, escrow?.heldMinor], ['completed', 'full_release', 0])
  checkEqual(
    'its milestones',
    milestones.map(({ outcome }) => outcome),
    ['approved', 'decided', 'decided'],
  )
  checkEqual('the task', (await getTask(stage, client, taskId)).state, 'settled')

  const released = contract.totalMinor - held + half
  const commission = commissionOf(released)
  checkEqual('what the postings come to', totals(await entriesOf(stage, cast, contract.bookingId)), {
    client_wallet: half - contract.totalMinor,
    escrow: 0,
    platform_fee: commission + arbitration,
    tasker_payable: released - commission,
  })
  narrator.tell(
    `Staff split it: the decision costs ${money(arbitration, currency)}, and not a piastre more (422); ${money(half, currency)} go to each side. Contract, booking and task have ended, and nothing is left in escrow`,
  )
}
