import { afterAll, beforeAll, expect, it } from 'vitest'
import { createReport, dismissReport, resolveReport } from '../../src/areas/trust/reports/reports.ts'
import { openWorld } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { count, outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

describeReal('reports, from many connections at once', () => {
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

  const report = async (): Promise<string> => {
    const fields = {
      reportedUserId: world.tasker.id as string,
      kind: 'safety',
      description: 'The gas.',
    }
    return (await createReport(contexts.contextOf(world.client), fields)).id
  }
  const rowsOf = async (text: string, ...values: unknown[]) =>
    (await world.connection.query(text, values)).rows
  const openCases = () =>
    rowsOf(
      `select count(*)::int as open from cases where subject_id = $1 and status <> 'closed'`,
      world.tasker.id,
    )
  const openReports = () =>
    rowsOf(
      `select count(*)::int as open from reports where reported_user_id = $1 and status in ('open', 'investigating')`,
      world.tasker.id,
    )

  it('is decided once by many who decide at once, and keeps that one outcome', async () => {
    const id = await report()
    const ops = () => contexts.contextOf(world.ops)
    const outcomes = await times(8, (n) =>
      outcomeOf(
        n % 2 === 0
          ? resolveReport(ops(), id, { outcome: 'warned', message: 'We spoke.' })
          : dismissReport(ops(), id, { outcome: 'duplicate' }),
      ),
    )
    expect(count(outcomes)).toEqual({ ok: 1, invalid_transition: 7 })
    const [row] = await rowsOf('select status::text, outcome, outcome_text from reports where id = $1', id)
    expect([
      { status: 'resolved', outcome: 'warned', outcome_text: 'We spoke.' },
      { status: 'dismissed', outcome: 'duplicate', outcome_text: null },
    ]).toContainEqual(row)
    expect(await rowsOf(`select count(*)::int as told from outbox where object_id = $1`, id)).toEqual([
      { told: 2 },
    ])
  })

  it('the last reports about somebody, decided at once, close the case; one made beside them has an open one', async () => {
    for (let round = 0; round < 8; round += 1) {
      const ids = [await report(), await report(), await report()]
      expect(await openCases()).toEqual([{ open: 1 }])
      const calls: (() => Promise<unknown>)[] = ids.map(
        (id) => () => dismissReport(contexts.contextOf(world.ops), id, {}),
      )
      if (round % 2 === 1) calls.splice(1, 0, report)
      const outcomes = await Promise.all(calls.map((call) => outcomeOf(call())))
      expect(new Set(outcomes)).toEqual(new Set(['ok']))
      const [left] = await openReports()
      expect(left).toEqual({ open: round % 2 })
      expect(await openCases()).toEqual([{ open: round % 2 }])
      for (const { id } of await rowsOf(`select id from reports where status = 'open'`))
        await dismissReport(contexts.contextOf(world.ops), id, {})
      expect(await openCases()).toEqual([{ open: 0 }])
    }
  })
})
