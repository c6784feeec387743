import { afterAll, beforeAll, expect, it } from 'vitest'
import { closeMe } from '../../src/areas/people/identity/accounts/users.ts'
import { acceptOffer } from '../../src/areas/work/matching/offers.ts'
import { newId } from '../../src/core/ids.ts'
import { asOwner, insertTask, openWorld, type Person } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { outcomeOf } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

const rounds = 20

describeReal('closing an account beside a new booking', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 10)
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  async function somebody(role: 'client' | 'tasker'): Promise<Person> {
    const person: Person = { id: newId(), role }
    await asOwner(world.connection, async () => {
      await world.connection.query(
        'insert into users (id, phone, role) values ($1, $2, $3::text::user_role)',
        [person.id, aPhone(), role],
      )
      if (role === 'tasker')
        await world.connection.query(
          `insert into tasker_profiles (user_id, status, hourly_rate_amount) values ($1, 'active', 12000)`,
          [person.id],
        )
    })
    return person
  }

  it.each(['client', 'tasker'] as const)(
    'happens, or the booking does, never both (%s)',
    async (role) => {
      const seen = new Set<string>()
      for (let round = 0; round < rounds; round += 1) {
        const [client, tasker] = [await somebody('client'), await somebody('tasker')]
        const [taskId, offerId] = [
          await asOwner(world.connection, () =>
            insertTask(world, {
              state: 'matching',
              startsAt: `2027-05-01T${String(round).padStart(2, '0')}:00:00Z`,
              minutes: 60,
            }),
          ),
          newId(),
        ]
        await asOwner(world.connection, async () => {
          await world.connection.query('update tasks set client_id = $2 where id = $1', [taskId, client.id])
          await world.connection.query(
            `insert into offers (id, task_id, tasker_id, wave, expires_at) values ($1, $2, $3, 1, now() + interval '1 hour')`,
            [offerId, taskId, tasker.id],
          )
        })
        const leaver = role === 'client' ? client : tasker
        const accept = () => acceptOffer(contexts.contextOf(tasker), offerId)
        const close = () => closeMe(contexts.contextOf(leaver), undefined)
        const inTurn = round % 2 === 0 ? [accept, close] : [close, accept]
        await Promise.all(inTurn.map((act) => outcomeOf(act())))
        const { rows } = await world.connection.query<{ status: string; bookings: number }>(
          `select u.status, (select count(*)::int from bookings b where b.task_id = $2 and b.status <> 'canceled') as bookings
             from users u where u.id = $1`,
          [leaver.id, taskId],
        )
        const [row] = rows
        expect([
          { status: 'closed', bookings: 0 },
          { status: 'active', bookings: 1 },
        ]).toContainEqual(row)
        seen.add(row?.status ?? '')
      }
      expect(seen.size).toBeGreaterThan(0)
    },
    60_000,
  )
})
