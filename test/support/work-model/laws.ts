import { expect } from 'vitest'
import { getBid, listBids } from '../../../src/areas/work/bids/bids.ts'
import { explainBid } from '../../../src/areas/work/bids/explanations.ts'
import { getOpenTask } from '../../../src/areas/work/bids/open-tasks.ts'
import { taskMachine } from '../../../src/areas/work/tasks/machine.ts'
import { getTask } from '../../../src/areas/work/tasks/tasks.ts'
import { endStates } from '../../../src/core/machine.ts'
import { OPEN } from '../hanging.ts'
import type { Scene } from './scene.ts'
import type { WorkWorld } from './world.ts'

const runningDeadlines = [
  ['accepted', 'confirmation'],
  ['confirmed', 'visit'],
  ['confirmed', 'start'],
  ['in_progress', 'completion'],
  ['completed', 'acceptance'],
  ['completed', 'payment'],
]
const inQuotes = (values: readonly string[]) => values.map((value) => `'${value}'`).join(', ')

/** Queries that find nothing while all promises hold, whatever has happened. */
const laws: Record<string, string> = {
  'one open booking a task': `select task_id from bookings where status <> 'canceled' group by task_id having count(*) > 1`,
  'no tasker in two places': `select a.id from calendar_items a join calendar_items b on b.tasker_id = a.tasker_id and b.id > a.id and a.guarded && b.guarded
     where a.state = 'live' and b.state = 'live' and a.kind <> 'oncall' and b.kind <> 'oncall'`,
  'no tasker at two bookings': `select a.id from bookings a join bookings b on b.tasker_id = a.tasker_id and b.id > a.id and a.scheduled_during && b.scheduled_during
     where a.status in ('accepted', 'confirmed', 'in_progress') and b.status in ('accepted', 'confirmed', 'in_progress')`,
  'a running booking has its time': `select b.id from bookings b where b.status in ('offered', 'accepted', 'confirmed', 'in_progress')
     and not exists (select from visits v join calendar_items i on i.source_id = v.id and i.state = 'live'
                      where v.booking_id = b.id and v.state in ('planned', 'in_progress') and i.during = b.scheduled_during and i.tasker_id = b.tasker_id)`,
  'no time is taken for nothing': `select i.id from calendar_items i join visits v on v.id = i.source_id join bookings b on b.id = v.booking_id
     where i.state = 'live' and b.status not in ('offered', 'accepted', 'confirmed', 'in_progress')`,
  'one way to the tasker at a time': `select t.id from tasks t
     where (exists (select from offers o where o.task_id = t.id and o.status = 'pending')
            or exists (select from bids d where d.task_id = t.id and d.status in ('pending', 'awarded')))
       and exists (select from bookings b where b.task_id = t.id and b.status in ('accepted', 'confirmed', 'in_progress', 'completed', 'disputed'))`,
  'one bid is awarded at a time': `select task_id from bids where status = 'awarded' group by task_id having count(*) > 1`,
  'an assignment follows its booking': `select a.id from assignments a join bookings b on b.id = a.booking_id
     where a.status = 'pending' and b.status <> 'offered' or a.status = 'accepted' and b.status = 'offered'`,
  'escrow is what open milestones need': `select c.id from contracts c
     where khidma.held_in_escrow(c.id) <> (select coalesce(sum(m.amount), 0) from milestones m where m.contract_id = c.id and m.funded_at is not null
                                              and m.status not in ('completed', 'canceled'))
        or khidma.held_in_escrow(c.id) <> (select coalesce(sum(l.amount), 0) from ledger_entries n join ledger_lines l on l.entry_id = n.id
             join ledger_accounts a on a.id = l.account_id where n.booking_id = c.booking_id and a.kind = 'escrow')`,
  'a contract ends with its booking': `select c.id from contracts c join bookings b on b.id = c.booking_id
     where c.status in ('draft', 'active') and b.status in ('canceled', 'completed', 'disputed') or c.status = 'disputed' and b.status <> 'disputed'
        or c.status in ('completed', 'canceled') and exists (select from milestones m where m.contract_id = c.id and m.status not in ('completed', 'canceled'))`,
  'a dispute and its booking are one': `select b.id from bookings b
     where (b.status = 'disputed') <> exists (select from disputes d where d.booking_id = b.id and d.status in ('open', 'investigating', 'escalated'))`,
  'nothing is open behind a canceled booking': `select l.id from booking_deadlines l join bookings b on b.id = l.booking_id where b.status = 'canceled' and l.outcome is null
     union all select c.id from booking_changes c join bookings b on b.id = c.booking_id where c.status = 'pending' and b.status in ('canceled', 'completed', 'disputed')
     union all select p.id from payment_intents p join bookings b on b.id = p.booking_id where b.status = 'canceled' and p.status in ('requires_action', 'authorized')
     union all select h.id from ledger_holds h join payment_intents p on p.id = h.document_id where h.status = 'held' and p.status not in ('requires_action', 'authorized')`,
  'a task without a tasker has no booking': `select t.id from tasks t where t.state in ('expired', 'canceled_by_client', 'canceled_by_tasker', 'failed')
     and exists (select from bookings b where b.task_id = t.id and b.status <> 'canceled')`,
  'one deadline of a kind runs': `select booking_id from booking_deadlines where outcome is null group by booking_id, kind having count(*) > 1`,
  'no deadline of another state runs': `select l.id from booking_deadlines l join bookings b on b.id = l.booking_id
     where l.outcome is null and (b.status::text, l.kind) not in (${runningDeadlines.map(([status, kind]) => `('${status}', '${kind}')`).join(', ')})`,
  'a passed deadline had its outcome': `select l.id from booking_deadlines l join bookings b on b.id = l.booking_id
     where l.outcome = 'passed' and (l.kind = 'confirmation' and b.lapsed is distinct from 'confirmation' or l.kind = 'start' and b.lapsed is distinct from 'start'
        or l.kind = 'acceptance' and b.work_accepted_by is distinct from 'silence')`,
  'one clock of a task runs': `select task_id from task_clocks where ended_at is null group by task_id having count(*) > 1`,
  'a seat under a limit has its bid': `select c.id from claims c where c.limit_id = 'bids.a_day' and c.status = 'reserved'
     and not exists (select from bids d where d.id = c.document_id and d.status in ('pending', 'awarded'))`,
}

const ended = inQuotes(endStates(taskMachine))

/** One query of several that find ids: what is found comes with its name. */
const together = (queries: Record<string, string>) =>
  Object.entries(queries)
    .map(
      ([what, text]) => `select '${what.replaceAll("'", "''")}' as what, found.* from (${text}) found (id)`,
    )
    .join(' union all ')
const allLaws = together(laws)

export async function expectLaws({ query }: WorkWorld, { tasks }: Scene, label: string): Promise<void> {
  expect(await query(allLaws), label).toEqual([])
  const over = await query<{ id: string }>(
    `select id from tasks where id = any ($1) and state in (${ended})`,
    [tasks],
  )
  for (const { id } of over)
    expect(await query(OPEN, [id]), `nothing open behind the end: ${label}`).toEqual([])
}

/** Queries of things that are due: after a sweep they find nothing. */
const due: Record<string, string> = {
  deadline: `select l.id from booking_deadlines l where l.outcome is null and l.next_at <= now()`,
  assignment: `select a.id from assignments a where a.status = 'pending' and a.expires_at <= now()`,
  bid: `select d.id from bids d where d.status = 'awarded' and d.award_expires_at <= now()`,
  bidding: `select t.id from tasks t where t.sourcing = 'bid' and t.state = 'posted' and t.deadline <= now()
     and not exists (select from bids d where d.task_id = t.id and d.status = 'awarded')`,
  change: `select c.id from booking_changes c where c.status = 'pending' and c.expires_at <= now()`,
  release: `select m.id from milestones m join contracts c on c.id = m.contract_id where c.status = 'active' and m.releases_at <= now()`,
  amendment: `select a.id from contract_amendments a where a.status = 'pending' and a.expires_at <= now()`,
  draft: `select c.id from contracts c where c.status = 'draft' and c.expires_at <= now()`,
}

const allDue = together(due)

export async function expectSwept({ query }: WorkWorld, label: string): Promise<void> {
  expect(await query(allDue), `nothing is due: ${label}`).toEqual([])
}

/** No bidder reads of another's bid, wherever they look. */
export async function expectSealed({ query, contexts, taskers }: WorkWorld, { tasks }: Scene): Promise<void> {
  const bids = await query<{ id: string; task: string; tasker: string; amount: string; message: string }>(
    `select id, task_id as task, tasker_id as tasker, amount, message from bids where task_id = any ($1)`,
    [tasks],
  )
  for (const person of taskers) {
    const as = () => contexts.contextOf(person)
    const answers: unknown[] = []
    for (const taskId of tasks) {
      answers.push(await listBids(as(), { taskId }, { limit: 50, after: null }))
      for (const read of [getTask, getOpenTask]) answers.push(await read(as(), taskId).catch(() => null))
    }
    for (const { id, tasker } of bids) {
      if (tasker === person.id) answers.push(await explainBid(as(), id))
      else await expect(getBid(as(), id)).rejects.toMatchObject({ code: 'not_found' })
    }
    const text = JSON.stringify(answers)
    for (const { id, tasker, amount, message } of bids) {
      if (tasker === person.id) continue
      for (const secret of [id, amount, message])
        expect(text.includes(secret), `${person.id} reads ${secret}`).toBe(false)
    }
  }
}

/** Query of bookings that silence has not ended, but for those that wait for staff. */
export const unfinished = `select b.id, b.status, t.state from bookings b join tasks t on t.id = b.task_id
  where b.status in ('offered', 'accepted', 'confirmed', 'in_progress') and t.state <> 'on_hold'`
