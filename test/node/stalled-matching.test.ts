import { afterAll, beforeAll, expect, it } from 'vitest'
import { restartStalledMatching } from '../../src/areas/work/matching/matching.ts'
import { newId } from '../../src/core/ids.ts'
import { asOwner, insertTask, openWorld } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { describeReal } from '../support/real-postgres.ts'

describeReal('the sweep for stalled searches', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 4)
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  const sweep = (limit = 100) =>
    restartStalledMatching(contexts.contextOf({ ...world.ops, role: 'system' }), limit).then((searches) =>
      searches.map(({ taskId }) => taskId),
    )

  /** A task that nobody has moved for so long; its one offer can be accepted for so long still. */
  const unmoved = (state: string, seconds: number, offerSecondsLeft?: number) =>
    asOwner(world.connection, async () => {
      const id = await insertTask(world, { state })
      const { connection, tasker } = world
      await connection.query(
        'update tasks set updated_at = now() - make_interval(secs => $2) where id = $1',
        [id, seconds],
      )
      if (offerSecondsLeft !== undefined) {
        await connection.query(
          `insert into offers (id, task_id, tasker_id, wave, expires_at)
           values ($1, $2, $3, 1, now() + make_interval(secs => $4))`,
          [newId(), id, tasker.id, offerSecondsLeft],
        )
      }
      return id
    })

  const stateOf = async (id: string): Promise<string> =>
    (await world.connection.query('select state from tasks where id = $1', [id])).rows[0].state

  it('lists stalled searches, and no running ones', async () => {
    const stalled = [
      await unmoved('posted', 300),
      await unmoved('matching', 200),
      await unmoved('matching', 100, -90),
    ]
    const running = [
      await unmoved('posted', 10),
      await unmoved('matching', 30),
      await unmoved('matching', 100, 20),
      await unmoved('matching', 100, -30),
      await unmoved('draft', 300),
      await unmoved('expired', 300),
    ]
    expect(await sweep()).toEqual(stalled)
    expect(await sweep(1)).toEqual(stalled.slice(0, 1))
    for (const id of running) expect(await sweep()).not.toContain(id)
  })

  it('expires searches stalled for half an hour, and closes their offers', async () => {
    const old = [await unmoved('posted', 31 * 60), await unmoved('matching', 31 * 60, -1_700)]
    const named = await sweep()
    for (const id of old) {
      expect(named).not.toContain(id)
      expect(await stateOf(id)).toBe('expired')
    }
    const { rows } = await world.connection.query('select status from offers where task_id = $1', [old[1]])
    expect(rows).toEqual([{ status: 'withdrawn' }])
    const history = await world.connection.query(
      'select to_state, reason from task_state_events where task_id = $1',
      [old[0]],
    )
    expect(history.rows).toEqual([{ to_state: 'expired', reason: 'no_tasker_found' }])
  })

  it('reads a handful of rows, not the table', async () => {
    await asOwner(world.connection, () =>
      world.connection.query(
        `insert into tasks (id, client_id, category, description, address, city, lat, lng, starts_at, state)
         select khidma.uuid_v7(), $1, 'plumbing', 'Old', 'Tahrir 1', 'Cairo', 30, 31, now(), 'reviewed'
           from generate_series(1, 5000)`,
        [world.client.id],
      ),
    )
    await world.connection.query('analyze tasks')
    const { rows } = await world.connection.query(
      `explain select t.id from tasks t where t.sourcing = 'match' and t.state in ('posted', 'matching')
          and t.updated_at < now() - interval '1 minute' order by t.updated_at limit 100`,
    )
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('idx_tasks_searching')
  })
})
