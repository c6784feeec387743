import { newId } from '../../src/core/ids.ts'
import type { World } from './integrity-world.ts'

/** Contracts that are set without triggers, as owner of the cluster. Amounts in minor units of EGP. */

export const milestoneAmount = 10_000

export const contractTerms = { title: 'Painting', scope: 'Two rooms.' }

/** The row of a contract of a booking, as columns and values. */
export function contractRow(
  { client, tasker }: World,
  {
    id,
    bookingId,
    status,
    total = milestoneAmount,
  }: { id: string; bookingId: string; status: string; total?: number },
): [columns: string, values: unknown[]] {
  const isSigned = ['active', 'completed', 'disputed'].includes(status)
  return [
    'id, booking_id, client_id, tasker_id, proposed_by, status, currency, total_amount, terms, release_days, max_rounds, max_paused_days, arbitration_basis_points, signed_sha256, activated_at, expires_at, ended_at',
    [
      ...[id, bookingId, client.id, tasker.id, client.id, status, 'EGP', total],
      JSON.stringify(contractTerms),
      ...[7, 3, 21, 500],
      isSigned ? 'f'.repeat(64) : null,
      isSigned ? new Date() : null,
      status === 'draft' ? new Date(Date.now() + 86_400_000) : null,
      ['completed', 'canceled'].includes(status) ? new Date() : null,
    ],
  ]
}

/** The row of a milestone: everything but a draft's is funded. */
export function milestoneRow({
  id,
  contractId,
  status,
  position = 1,
  isFunded = true,
}: {
  id: string
  contractId: string
  status: string
  position?: number
  isFunded?: boolean
}): [columns: string, values: unknown[]] {
  const hasEnded = ['completed', 'canceled'].includes(status)
  const amount = isFunded && hasEnded ? milestoneAmount : 0
  const soon = new Date(Date.now() + 86_400_000)
  return [
    'id, contract_id, position, title, amount, deadline_at, status, funded_at, submitted_at, releases_at, ended_at, outcome, released_amount, refunded_amount',
    [
      ...[id, contractId, position, `Room ${position}`, milestoneAmount, soon, status],
      isFunded ? new Date() : null,
      status === 'submitted' ? new Date() : null,
      status === 'submitted' ? soon : null,
      hasEnded ? new Date() : null,
      hasEnded ? 'decided' : null,
      status === 'completed' ? amount : 0,
      status === 'canceled' ? amount : 0,
    ],
  ]
}

export const insertRow = (
  { connection }: World,
  table: string,
  [columns, values]: [string, unknown[]],
): Promise<unknown> =>
  connection.query(
    `insert into ${table} (${columns}) values (${values.map((_, n) => `$${n + 1}`).join(', ')})`,
    values,
  )

/** Escrow of a contract that holds an amount, paid from the client's wallet; its account has the money. */
export async function insertEscrow(
  world: World,
  contractId: string,
  {
    id = newId(),
    status = 'held',
    held = milestoneAmount,
  }: { id?: string; status?: string; held?: number } = {},
): Promise<void> {
  const isClosed = status === 'full_release'
  await insertRow(world, 'escrows', [
    'id, contract_id, currency, status, funded_amount, released_amount, disputed_amount, arbitration_basis_points, released_at',
    [
      id,
      contractId,
      'EGP',
      status,
      held,
      isClosed ? held : 0,
      status === 'disputed' ? held : 0,
      500,
      isClosed ? new Date() : null,
    ],
  ])
  const account = newId()
  await insertRow(world, 'ledger_accounts', [
    'id, kind, owner_user_id, currency, guarded',
    [account, 'escrow', world.client.id, 'EGP', true],
  ])
  await insertRow(world, 'ledger_balances', [
    'account_id, guarded, balance',
    [account, true, isClosed ? 0 : held],
  ])
  const booking = (
    await world.connection.query('select booking_id from contracts where id = $1', [contractId])
  ).rows[0]
  await insertRow(world, 'payment_intents', [
    'id, purpose, booking_id, payer_id, payee_id, method, provider, status, amount, amount_authorized, amount_captured, currency, captured_at',
    [
      ...[
        newId(),
        'contract',
        booking.booking_id,
        world.client.id,
        world.tasker.id,
        'wallet',
        'wallet',
        'captured',
      ],
      ...[held, held, held, 'EGP', new Date()],
    ],
  ])
}

/** Makes what can be open of a contract: a milestone under way with its money, a submission or an amendment. */
export async function openContractBeside(world: World, contractId: string, status: string): Promise<void> {
  if (status === 'draft') {
    await insertRow(
      world,
      'milestones',
      milestoneRow({ id: newId(), contractId, status: 'pending', isFunded: false }),
    )
    return
  }
  if (status === 'active' || status === 'disputed') {
    await insertRow(world, 'milestones', milestoneRow({ id: newId(), contractId, status: 'overdue' }))
    await insertEscrow(world, contractId, { status: status === 'disputed' ? 'disputed' : 'held' })
  }
  if (status === 'active') await insertAmendment(world, contractId)
}

export async function insertAmendment(world: World, contractId: string): Promise<void> {
  await insertRow(
    world,
    'contract_amendments',
    await amendmentRow(world, { id: newId(), contractId, status: 'pending' }),
  )
}

/** A proposal of the client: what is there, and another milestone. */
export async function amendmentRow(
  { connection, client, tasker }: World,
  { id, contractId, status }: { id: string; contractId: string; status: string },
): Promise<[string, unknown[]]> {
  const { rows } = await connection.query('select khidma.milestones_of($1) as terms', [contractId])
  const was = rows[0].terms
  const more = { id: newId(), title: 'Ceiling', description: null, amount: 5_000, dueAt: null }
  const total = was.reduce((sum: number, { amount }: { amount: number }) => sum + amount, 0)
  return [
    'id, contract_id, proposed_by, proposed_to, status, reason, terms, milestones, total_amount, was_terms, was_milestones, was_total_amount, text_sha256, expires_at, ended_at',
    [
      ...[id, contractId, client.id, tasker.id, status, 'A ceiling as well', JSON.stringify(contractTerms)],
      ...[
        JSON.stringify([...was, more]),
        total + 5_000,
        JSON.stringify(contractTerms),
        JSON.stringify(was),
        total,
      ],
      ...['f'.repeat(64), new Date(Date.now() + 86_400_000), status === 'pending' ? null : new Date()],
    ],
  ]
}
