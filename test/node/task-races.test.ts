import { afterAll, beforeAll, expect, it } from 'vitest'
import { deleteTask } from '../../src/areas/work/tasks/deletion.ts'
import { updateTask } from '../../src/areas/work/tasks/drafts.ts'
import { planSeries } from '../../src/areas/work/tasks/occurrences.ts'
import { addPhoto, updatePhoto } from '../../src/areas/work/tasks/photos.ts'
import { repostTask } from '../../src/areas/work/tasks/rounds.ts'
import { postTask } from '../../src/areas/work/tasks/tasks.ts'
import { newId } from '../../src/core/ids.ts'
import { asOwner, insertTask, openWorld } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

describeReal('tasks, from many connections at once', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts
  const category = newId()

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, 12)
    await asOwner(world.connection, async () => {
      await world.connection.query(
        `insert into task_categories (id, slug, names) values ($1, 'plumbing', '{"en": "Plumbing", "ar": "سباكة"}')`,
        [category],
      )
      await world.connection.query(
        `insert into pricing_bands (id, category_id, min_amount, max_amount, currency) values ($1, $2, 10000, 40000, 'EGP')`,
        [newId(), category],
      )
    })
  })
  afterAll(async () => {
    await contexts.close()
    await world.close()
  })

  const asClient = () => contexts.contextOf(world.client)
  const query = async (text: string, values: unknown[] = []) =>
    (await world.connection.query(text, values)).rows
  const inState = (state: string) =>
    asOwner(world.connection, () =>
      insertTask(world, { state, startsAt: new Date(Date.now() + 86_400_000).toISOString() }),
    )
  const aFile = async () => {
    const id = newId()
    await asOwner(world.connection, () =>
      world.connection.query(
        `insert into media_files (id, user_id, kind, storage_key, storage_url, uploaded_at) values ($1::uuid, $2, 'image', $1::text, $1::text, now())`,
        [id, world.client.id],
      ),
    )
    return id
  }
  const counted = (outcomes: string[]) =>
    Object.fromEntries(
      [...new Set(outcomes)].map((one) => [one, outcomes.filter((other) => other === one).length]),
    )

  it('have no more photos than allowed, and one primary photo', async () => {
    const task = await inState('draft')
    const files = await Promise.all(Array.from({ length: 14 }, aFile))
    const added = await times(14, (n) =>
      outcomeOf(addPhoto(asClient(), task, { mediaId: files[n] as string, isPrimary: true })),
    )
    expect(counted(added)).toEqual({ ok: 10, limit_reached: 4 })
    const photos = await query('select id, is_primary from task_photos where task_id = $1', [task])
    expect(photos.filter(({ is_primary: isPrimary }) => isPrimary)).toHaveLength(1)
    await times(10, (n) => updatePhoto(asClient(), task, photos[n].id, { isPrimary: true }))
    expect(await query('select 1 from task_photos where task_id = $1 and is_primary', [task])).toHaveLength(1)
  })

  it('are posted or deleted, not both', async () => {
    for (let round = 0; round < 10; round += 1) {
      const task = await inState('draft')
      await Promise.all([
        outcomeOf(postTask(asClient(), task)),
        outcomeOf(deleteTask(asClient(), task, null)),
      ])
      const [row] = await query('select state, deleted_at is not null as deleted from tasks where id = $1', [
        task,
      ])
      expect([
        ['posted', false],
        ['draft', true],
      ]).toContainEqual([row.state, row.deleted])
    }
  })

  it('begin one more search, however often they are posted again', async () => {
    const task = await inState('expired')
    const outcomes = await times(8, () => outcomeOf(repostTask(asClient(), task, {})))
    expect(counted(outcomes)).toEqual({ ok: 1, invalid_transition: 7 })
    expect(await query('select state, round from tasks where id = $1', [task])).toEqual([
      { state: 'posted', round: 2 },
    ])
  })

  it('cost what their add-ons cost, whoever changes them and their price at the same time', async () => {
    const task = await inState('draft')
    const addon = newId()
    await asOwner(world.connection, () =>
      world.connection.query(
        `insert into service_addons (id, category_id, names, price_amount, currency, minutes) values ($1, $2, '{"en": "A", "ar": "A"}', 1000, 'EGP', 10)`,
        [addon, category],
      ),
    )
    await Promise.all([
      ...Array.from({ length: 6 }, (_, n) =>
        outcomeOf(updateTask(asClient(), task, { addons: [{ addonId: addon, quantity: n + 1 }] }, null)),
      ),
      ...Array.from({ length: 6 }, (_, n) =>
        query('update service_addons set price_amount = $2 where id = $1', [addon, 1_000 + n]),
      ),
    ])
    const [row] = await query(
      `select t.addons_amount = sum(x.quantity * x.price_amount) as agrees, t.addons_minutes = sum(x.quantity * x.minutes) as lasts,
              t.est_min_amount - t.addons_amount = khidma.amount_for(t.est_minutes, 10000) as estimates, count(*)::int as rows
         from tasks t join task_addons x on x.task_id = t.id where t.id = $1 group by t.id`,
      [task],
    )
    expect(row).toEqual({ agrees: true, lasts: true, estimates: true, rows: 1 })
  })

  /** Each day of the week ahead. */
  const aSeries = async () => {
    const [task, series] = [await inState('draft'), newId()]
    await asOwner(world.connection, () =>
      world.connection.query(
        `insert into task_series (id, client_id, task_id, weekdays, local_time, timezone, starts_on, days_ahead)
         values ($1, $2, $3, '{1,2,3,4,5,6,7}', '10:00', 'Africa/Cairo', current_date + 1, 6)`,
        [series, world.client.id, task],
      ),
    )
    return series
  }
  const plan = (limit: number) => planSeries(contexts.systemContext('cron.planSeries'), limit)

  it('come back once a day, whoever plans the series', async () => {
    const series = await aSeries()
    await times(6, () => outcomeOf(plan(20)))
    await plan(20)
    const days = await query(
      'select series_day, count(*)::int as times from tasks where series_id = $1 group by 1 order by 1',
      [series],
    )
    expect(days.length).toBeGreaterThanOrEqual(5)
    expect(days.every(({ times: created }) => created === 1)).toBe(true)
    expect(await query(`select 1 from outbox where type = 'task_series.skipped'`)).toEqual([])
  })

  it('come back on each day in turn, though one could not be planned at first', async () => {
    const series = await aSeries()
    const days = () =>
      query('select series_day::text as day from tasks where series_id = $1 order by 1', [series])
    const [first] = await query('select (current_date + 1)::text as day')
    await query(`create function deadlocked() returns trigger language plpgsql as $$
      begin raise exception using errcode = '40P01', message = 'deadlocked'; end $$`)
    await query(
      `create trigger a_deadlocked before insert on tasks for each row when (new.series_id = '${series}' and new.series_day = '${first?.day}') execute function deadlocked()`,
    )
    expect(await plan(20)).toEqual({ created: 0, skipped: 0, failedRows: 1 })
    await query('drop trigger a_deadlocked on tasks')
    await plan(20)
    expect((await days())[0]).toEqual(first)
    expect((await days()).length).toBeGreaterThanOrEqual(5)
  })

  it('come back though a series that cannot be planned has the first days of a run', async () => {
    const [bad, good] = [await aSeries(), await aSeries()]
    await query(`create function no_occurrence() returns trigger language plpgsql as $$
      begin raise exception 'no occurrence'; end $$`)
    await query(
      `create trigger a_no_occurrence before insert on tasks for each row when (new.series_id = '${bad}') execute function no_occurrence()`,
    )
    expect(await plan(1)).toEqual({ created: 0, skipped: 0, failedRows: 1 })
    for (let run = 0; run < 8; run += 1) await plan(1)
    await query('drop trigger a_no_occurrence on tasks')
    const planned = (series: string) => query('select from tasks where series_id = $1', [series])
    expect((await planned(good)).length).toBeGreaterThanOrEqual(5)
    expect(await planned(bad)).toEqual([])
    await query(`update row_failures set retry_at = now() where row_id = $1 and step = 'task_series.plan'`, [
      bad,
    ])
    expect(await plan(1)).toEqual({ created: 1, skipped: 0 })
  })
})
