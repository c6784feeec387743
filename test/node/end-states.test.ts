import { afterAll, beforeAll, expect, it } from 'vitest'
import { paymentIntentMachine } from '../../src/areas/money/payments/machine.ts'
import { disputeMachine } from '../../src/areas/trust/disputes/machine.ts'
import { bookingMachine } from '../../src/areas/work/bookings/machine.ts'
import { offerMachine } from '../../src/areas/work/matching/machine.ts'
import { taskMachine } from '../../src/areas/work/tasks/machine.ts'
import { newId } from '../../src/core/ids.ts'
import { endStates, type Machine } from '../../src/core/machine.ts'
import {
  actAs,
  asOwner,
  insertBooking,
  insertPayment,
  insertTask,
  openWorld,
} from '../support/integrity-world.ts'
import { describeReal } from '../support/real-postgres.ts'

type Actor = 'client' | 'tasker' | 'ops' | 'system'

/** One way into an end state: what is there, and the statements that lead there, each by somebody. */
interface Ending {
  way: string
  task: string
  booking?: string
  /** Whether the booking is paid, or a payment of it is to be made. */
  payment?: 'requires_action' | 'authorized' | 'captured'
  dispute?: string
  offers?: number
  by: Actor
  steps: string[]
}

const cancelBooking = `update bookings set status = 'canceled' where task_id = :task`
const decide = (status: string, resolution = '{}') =>
  `update disputes set status = '${status}', resolution = '${resolution}' where booking_id = :booking`
const disputed = { task: 'disputed', booking: 'disputed', dispute: 'investigating' } as const
const matching = { task: 'matching', offers: 2 } as const
const unpaid = { booking: 'accepted', task: 'accepted', payment: 'requires_action' } as const
const canceledByDecision = decide('resolved', '{"outcome": "canceled"}')
const answer = (status: string) => `update offers set status = '${status}' where id = :offer`

/** Each end state of each machine, with everything that can be open when it is reached. */
const endings: [machine: Machine, state: string, endings: Ending[]][] = [
  [
    taskMachine,
    'expired',
    [
      {
        way: 'nobody accepts',
        ...matching,
        by: 'system',
        steps: [`update tasks set state = 'expired' where id = :task`],
      },
    ],
  ],
  [
    taskMachine,
    'canceled_by_client',
    [
      {
        way: 'while offers are open',
        ...matching,
        by: 'client',
        steps: [`update tasks set state = 'canceled_by_client' where id = :task`],
      },
      { way: 'with a booking that is to be paid', ...unpaid, by: 'client', steps: [cancelBooking] },
      {
        way: 'by staff',
        ...unpaid,
        booking: 'confirmed',
        task: 'confirmed',
        by: 'ops',
        steps: [cancelBooking],
      },
      {
        way: 'by a decision',
        ...disputed,
        payment: 'requires_action',
        by: 'ops',
        steps: [canceledByDecision],
      },
    ],
  ],
  [
    taskMachine,
    'canceled_by_tasker',
    [
      {
        way: 'with a reserved payment',
        ...unpaid,
        payment: 'authorized',
        by: 'tasker',
        steps: [cancelBooking],
      },
    ],
  ],
  [
    taskMachine,
    'failed',
    [
      {
        way: 'at work',
        task: 'in_progress',
        booking: 'in_progress',
        payment: 'requires_action',
        by: 'ops',
        steps: [`update tasks set state = 'failed' where id = :task`],
      },
      {
        way: 'on hold',
        task: 'on_hold',
        booking: 'in_progress',
        payment: 'authorized',
        by: 'ops',
        steps: [`update tasks set state = 'failed' where id = :task`],
      },
    ],
  ],
  [
    bookingMachine,
    'canceled',
    [
      { way: 'before the work', ...unpaid, by: 'client', steps: [cancelBooking] },
      {
        way: 'by a decision',
        ...disputed,
        payment: 'requires_action',
        by: 'ops',
        steps: [canceledByDecision],
      },
    ],
  ],
  [
    offerMachine,
    'accepted',
    [
      {
        way: 'beside another offer',
        ...matching,
        by: 'tasker',
        steps: [
          answer('accepted'),
          `insert into bookings (id, task_id, client_id, tasker_id, status, agreed_rate_amount, scheduled_during)
           select :new, t.id, t.client_id, :tasker, 'accepted', 12000, '[2027-02-10T10:00:00Z, 2027-02-10T11:00:00Z)'
             from tasks t where t.id = :task`,
        ],
      },
    ],
  ],
  [
    offerMachine,
    'declined',
    [{ way: 'by the tasker', task: 'matching', offers: 1, by: 'tasker', steps: [answer('declined')] }],
  ],
  [
    offerMachine,
    'expired',
    [{ way: 'in time', task: 'matching', offers: 1, by: 'system', steps: [answer('expired')] }],
  ],
  [
    offerMachine,
    'withdrawn',
    [{ way: 'by the system', task: 'matching', offers: 1, by: 'system', steps: [answer('withdrawn')] }],
  ],
  [
    paymentIntentMachine,
    'captured',
    [
      {
        way: 'in cash',
        task: 'completed',
        booking: 'completed',
        payment: 'requires_action',
        by: 'tasker',
        steps: [
          `select khidma.capture_payment(p.id, 12000) from payment_intents p where p.booking_id = :booking`,
        ],
      },
    ],
  ],
  [
    paymentIntentMachine,
    'canceled',
    [{ way: 'with its booking', ...unpaid, by: 'tasker', steps: [cancelBooking] }],
  ],
  ...(['resolved', 'rejected', 'refunded'] as const).map((state): [Machine, string, Ending[]] => [
    disputeMachine,
    state,
    [
      { way: 'paid', ...disputed, payment: 'captured', by: 'ops', steps: [decide(state)] },
      { way: 'not paid', ...disputed, by: 'ops', steps: [decide(state)] },
    ],
  ]),
]

/** Things that are still open for the task of the scene. */
const OPEN = `
  select 'offer' as what from offers o where o.task_id = $1 and o.status = 'pending'
  union all select 'search' from tasks t where t.id = $1 and t.state in ('posted', 'matching')
  union all select 'dispute' from disputes d join bookings b on b.id = d.booking_id
    where b.task_id = $1 and d.status in ('open', 'investigating', 'escalated')
  union all select 'standstill' from tasks t left join bookings b on b.task_id = t.id
    where t.id = $1 and (t.state = 'disputed' or b.status = 'disputed')
  union all select 'payment' from payment_intents p join bookings b on b.id = p.booking_id
    where b.task_id = $1 and p.status in ('requires_action', 'authorized')
  union all select 'hold' from ledger_holds h join payment_intents p on p.id = h.document_id join bookings b on b.id = p.booking_id
    where b.task_id = $1 and h.status = 'held' and p.status not in ('requires_action', 'authorized')
  union all select 'calendar' from bookings b where b.task_id = $1 and b.status in ('offered', 'accepted', 'confirmed', 'in_progress')
  union all select 'change' from booking_changes c join bookings b on b.id = c.booking_id
    where b.task_id = $1 and c.status = 'pending'
  union all select 'settlement' from tasks t join bookings b on b.task_id = t.id join payment_intents p on p.booking_id = b.id
    where t.id = $1 and t.state = 'completed' and p.status = 'captured'`

/** Things that go on after an end of its own: an accepted offer is a booking with its payment, a declined one leaves the task searching. */
const goesOn: Record<string, string[]> = {
  'offer accepted': ['payment', 'calendar'],
  'offer declined': ['search'],
  'offer expired': ['search'],
  'offer withdrawn': ['search'],
}

describeReal('an end state', () => {
  let world: Awaited<ReturnType<typeof openWorld>>

  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  it('of each machine is in the table of this test', () => {
    const listed = endings.map(([machine, state]) => `${machine.name} ${state}`)
    const declared = [
      taskMachine,
      bookingMachine,
      offerMachine,
      paymentIntentMachine,
      disputeMachine,
    ].flatMap((machine) => endStates(machine as Machine).map((state) => `${machine.name} ${state}`))
    expect(listed.toSorted()).toEqual(declared.toSorted())
  })

  const cases = endings.flatMap(([machine, state, ways]) =>
    ways.map((ending) => [`${machine.name} ${state}`, ending.way, machine, state, ending] as const),
  )
  it.each(cases)('%s, %s: leaves no open row', async (name, _way, machine, state, ending) => {
    const { connection } = world
    await connection.query('begin')
    try {
      const ids = await asOwner(connection, () => prepare(ending))
      await actAs(connection, world[ending.by])
      for (const step of ending.steps) await connection.query(withIds(step, ids))
      const table = { task: ['tasks', 'id', ids.task], offer: ['offers', 'id', ids.offer] }[machine.name] ?? [
        machine.table,
        machine.name === 'booking' ? 'id' : 'booking_id',
        ids.booking,
      ]
      const { rows } = await connection.query(
        `select ${machine.column} as state from ${table[0]} where ${table[1]} = $1`,
        [table[2]],
      )
      expect(rows).toEqual([{ state }])
      const open = await connection.query<{ what: string }>(OPEN, [ids.task])
      expect(open.rows.map(({ what }) => what)).toEqual(goesOn[name] ?? [])
      // Books are not kept in this test: all other promises of the commit hold.
      await connection.query('set constraints task_follows_booking, booking_follows_dispute immediate')
    } finally {
      await connection.query('rollback')
    }
  })

  async function prepare({ task: state, booking: status, payment, dispute, offers = 0 }: Ending) {
    const { connection } = world
    const task = await insertTask(world, { state })
    const booking = status ? await insertBooking(world, task, status) : newId()
    if (payment) await insertPayment(world, booking, payment)
    if (status && ['accepted', 'confirmed', 'in_progress'].includes(status))
      await connection.query(
        `insert into booking_changes (id, booking_id, proposed_by, proposed_to, was_minutes, minutes, was_starts_at, starts_at, expires_at)
         select $1, b.id, b.client_id, b.tasker_id, 60, 90, lower(b.scheduled_during), lower(b.scheduled_during), now() + interval '1 hour'
           from bookings b where b.id = $2`,
        [newId(), booking],
      )
    if (dispute)
      await connection.query(
        `insert into disputes (id, booking_id, opened_by, reason, status) values ($1, $2, $3, 'It drips', $4)`,
        [newId(), booking, world.client.id, dispute],
      )
    const people = [world.tasker.id, world.stranger.id]
    const made = [newId(), newId()]
    for (let index = 0; index < offers; index += 1)
      await connection.query(
        `insert into offers (id, task_id, tasker_id, wave, status, expires_at) values ($1, $2, $3, 1, 'pending', now())`,
        [made[index], task, people[index]],
      )
    return { task, booking, offer: made[0] as string, tasker: world.tasker.id as string, new: newId() }
  }
})

const withIds = (text: string, ids: Record<string, string>): string =>
  text.replace(/:(task|booking|offer|tasker|new)\b/g, (_whole, name: string) => `'${ids[name]}'`)
