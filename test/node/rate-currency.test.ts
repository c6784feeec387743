import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { asOwner, insertTask, openWorld, transaction } from '../support/integrity-world.ts'
import { describeReal } from '../support/real-postgres.ts'

describeReal('the currency of a booking on Postgres', () => {
  let world: Awaited<ReturnType<typeof openWorld>>

  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  const book = (taskId: string, currency: string) =>
    transaction(world.connection, world.tasker, async () => {
      const id = newId()
      await world.connection.query(
        `insert into bookings (id, task_id, client_id, tasker_id, status, agreed_rate_amount, agreed_rate_currency, scheduled_during)
         select $1, t.id, t.client_id, $3, 'accepted', 12000, $4, tstzrange(t.starts_at, t.starts_at + interval '1 hour')
           from tasks t where t.id = $2`,
        [id, taskId, world.tasker.id, currency],
      )
      return id
    })

  it('must be that of its task, for every writer', async () => {
    const taskId = await asOwner(world.connection, () => insertTask(world, { state: 'matching' }))
    await expect(book(taskId, 'NGN')).rejects.toMatchObject({
      code: '23514',
      constraint: 'bookings_rate_currency',
    })
    const id = await book(taskId, 'EGP')
    await expect(
      world.connection.query(`update bookings set agreed_rate_currency = 'NGN' where id = $1`, [id]),
    ).rejects.toMatchObject({ constraint: 'bookings_rate_currency' })
  })

  it('decides who is a candidate, also after a change of the rate', async () => {
    const { connection, tasker } = world
    await asOwner(connection, () => insertTask(world, { state: 'matching' }))
    await connection.query(`insert into tasker_categories (tasker_id, category) values ($1, 'plumbing')`, [
      tasker.id,
    ])
    await connection.query(
      `insert into tasker_service_areas (tasker_id, center_lat, center_lng, radius_km) values ($1, 30.0444, 31.2357, 10)`,
      [tasker.id],
    )
    const taskId = await asOwner(connection, () =>
      insertTask(world, { state: 'matching', startsAt: '2027-03-01T10:00:00Z' }),
    )
    const isCandidate = async (): Promise<boolean> =>
      (
        await connection.query('select from khidma.rank_candidates($1, 10) where tasker_id = $2', [
          taskId,
          tasker.id,
        ])
      ).rowCount === 1
    expect(await isCandidate()).toBe(true)
    const rate = (amount: number | null, currency: string) =>
      connection.query(
        'update tasker_profiles set hourly_rate_amount = $2, hourly_rate_currency = $3 where user_id = $1',
        [tasker.id, amount, currency],
      )
    await rate(12_000, 'NGN')
    expect(await isCandidate()).toBe(false)
    await rate(null, 'NGN')
    expect(await isCandidate()).toBe(true)
    await rate(12_000, 'EGP')
    expect(await isCandidate()).toBe(true)
  })
})
