import { newId } from '../../src/core/ids.ts'
import { insertTask, type World } from './integrity-world.ts'

/** Rows of leads and requests in any state, with the credits that they hold. Triggers are off while these are made. */

const columnsOf = (row: Record<string, unknown>): [string, unknown[]] => [
  Object.keys(row).join(', '),
  Object.values(row),
]

async function aLeadTask(world: World, state: string): Promise<string> {
  const task = await insertTask(world, { state })
  await world.connection.query(
    `update tasks set sourcing = 'lead', title = 'A leak', deadline = '2027-01-09T10:00:00Z' where id = $1`,
    [task],
  )
  return task
}

export async function leadRow(world: World, id: string, state: string): Promise<[string, unknown[]]> {
  return columnsOf({
    id,
    task_id: await aLeadTask(world, 'posted'),
    round: 1,
    status: state,
    opened_at: state === 'open' ? new Date() : null,
    closed_at: ['rejected', 'closed'].includes(state) ? new Date() : null,
    reject_reason: 'No task.',
  })
}

export async function leadRequestRow(world: World, id: string, state: string): Promise<[string, unknown[]]> {
  const { connection, tasker } = world
  const task = await aLeadTask(world, state === 'accepted' ? 'accepted' : 'posted')
  const leadId = newId()
  await connection.query(
    `insert into leads (id, task_id, round, status, opened_at) values ($1, $2, 1, 'open', now())`,
    [leadId, task],
  )
  if (state === 'pending') await holdCredits(world, id)
  const isCharged = ['replied', 'accepted'].includes(state)
  return columnsOf({
    id,
    lead_id: leadId,
    task_id: task,
    tasker_id: tasker.id,
    status: state,
    message: 'I can.',
    amount: 25_000,
    currency: 'EGP',
    minutes: 60,
    credits: 5,
    price: '{}',
    expires_at: new Date(Date.now() + 3_600_000),
    reply: state === 'replied' ? 'When?' : null,
    replied_at: state === 'replied' ? new Date() : null,
    accepted_at: state === 'accepted' ? new Date() : null,
    charged_at: isCharged ? new Date() : null,
  })
}

async function holdCredits({ connection, tasker }: World, request: string): Promise<void> {
  const [account, grant, hold] = [newId(), newId(), newId()]
  const statements: [string, unknown[]][] = [
    [
      `insert into ledger_accounts (id, kind, owner_user_id, currency, guarded) values ($1, 'credit_wallet', $2, 'XKC', true)`,
      [account, tasker.id],
    ],
    [
      'insert into ledger_balances (account_id, guarded, balance, held, lines) values ($1, true, 20, 5, 1)',
      [account],
    ],
    [
      `insert into credit_grants (id, user_id, kind, priority, document_type, document_id, amount, taken)
       values ($1, $2, 'bonus', 40, 'credit_grant', $1, 20, 5)`,
      [grant, tasker.id],
    ],
    [
      `insert into ledger_holds (id, account_id, amount, currency, reason, document_type, document_id)
       values ($1, $2, 5, 'XKC', 'leads', 'lead_request', $3)`,
      [hold, account, request],
    ],
    [
      `insert into credit_grant_spends (id, grant_id, hold_id, amount, status) values ($1, $2, $3, 5, 'held')`,
      [newId(), grant, hold],
    ],
  ]
  for (const [text, values] of statements) await connection.query(text, values)
}

export async function leadRefundRow(world: World, id: string, state: string): Promise<[string, unknown[]]> {
  const requestId = newId()
  const [columns, values] = await leadRequestRow(world, requestId, 'replied')
  const places = values.map((_, index) => `$${index + 1}`).join(', ')
  await world.connection.query(`insert into lead_requests (${columns}) values (${places})`, values)
  return columnsOf({
    id,
    request_id: requestId,
    tasker_id: world.tasker.id,
    status: state,
    reason: 'unreachable',
    credits: 5,
    decided_at: state === 'pending' ? null : new Date(),
  })
}
