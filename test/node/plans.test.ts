import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { getTask } from '../../src/areas/work/tasks/tasks.ts'
import type { Context, UserActor } from '../../src/core/context.ts'
import { newId } from '../../src/core/ids.ts'
import { planned } from '../../src/db/planned.ts'
import { planName } from '../../src/db/plans.ts'
import { createUnit } from '../../src/db/unit.ts'
import { postgresBackend } from '../../tools/neon-local/postgres.ts'
import type { Backend } from '../../tools/neon-local/protocol.ts'
import { type NeonLocal, startNeonLocal } from '../../tools/neon-local/server.ts'
import { connect } from '../support/integrity-world.ts'
import { describeReal, freshDatabase } from '../support/real-postgres.ts'
import { contextSecrets as secrets } from '../support/secrets.ts'

describeReal('the functions that keep plans', () => {
  const userId = newId()
  const taskId = newId()
  const sent: string[] = []
  let shim: NeonLocal
  let owner: pg.Client
  let bindings: { DATABASE_HTTP: string; DATABASE_URL: string }

  beforeAll(async () => {
    const { ownerUrl, appUrl } = await freshDatabase()
    shim = await startNeonLocal({ backend: recording(postgresBackend({ url: ownerUrl })) })
    bindings = { DATABASE_HTTP: shim.url, DATABASE_URL: appUrl }
    owner = await connect(ownerUrl)
    await owner.query(`insert into users (id, phone, role) values ($1, '+201555000001', 'client')`, [userId])
    await owner.query('begin')
    await owner.query(`select khidma.begin_request('client', $1, 'plans', null, null, null, null, null)`, [
      userId,
    ])
    await owner.query(
      `insert into tasks (id, client_id, category, description, address, city, lat, lng, starts_at, est_minutes)
       values ($1, $2, 'plumbing', 'A leak', 'Tahrir 1', 'Cairo', 30.0444, 31.2357, '2027-01-10T10:00:00Z', 60)`,
      [taskId, userId],
    )
    await owner.query('commit')
  })
  afterAll(async () => {
    await owner.end()
    await shim.close()
  })
  beforeEach(() => {
    sent.length = 0
  })

  const recording = (backend: Backend): Backend => ({
    ...backend,
    query: (connection, statement) => {
      sent.push(statement.query)
      return backend.query(connection, statement)
    },
  })

  function client(env: { DATABASE_PLANS?: string } = {}): Context<UserActor> {
    const requestId = newId()
    const actor = { kind: 'user', userId, role: 'client', sessionId: newId() } as const
    const db = createUnit({ env: { ...bindings, ...env }, actor, requestId })
    const common = { requestId, locale: 'en', ipAddress: null, userAgent: null, secrets } as const
    return { actor, db, now: new Date(), ...common }
  }

  const isCall = (text: string) => text.startsWith('select khidma.plan_')

  it('are all those that the Worker knows, and no others', async () => {
    const { rows } = await owner.query<{ name: string }>(
      `select substr(proname, 6) as name from pg_proc where proname like 'plan\\_%' order by 1`,
    )
    expect(rows.map(({ name }) => name).sort()).toEqual([...planned].sort())
  })

  it('answer what the statement itself answers, in one round trip', async () => {
    const ctx = client()
    const answer = await getTask(ctx, taskId)
    expect(sent.map(isCall)).toEqual([true])
    expect([ctx.db.roundTrips, ctx.db.plannedRoundTrips]).toEqual([1, 1])
    expect(answer).toEqual(await getTask(client({ DATABASE_PLANS: 'off' }), taskId))
    expect(sent.map(isCall)).toEqual([true, false])
  })

  it('are found by the hash of what would be sent', async () => {
    await getTask(client({ DATABASE_PLANS: 'off' }), taskId)
    await getTask(client(), taskId)
    const [text = '', call = ''] = sent
    expect(call).toContain(`khidma.plan_${planName([text])}(`)
    expect(planName([`${text} `])).not.toBe(planName([text]))
    expect(planName(['ab', 'c'])).not.toBe(planName(['a', 'bc']))
  })

  it('are done without where the database does not have them, once found out', async () => {
    const [{ name }] = (
      await owner.query(`select 'khidma.' || proname as name from pg_proc where proname = $1`, [
        `plan_${await nameOfGet()}`,
      ])
    ).rows
    await owner.query(`drop function ${name}`)
    sent.length = 0
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const ctx = client()
    expect(await getTask(ctx, taskId)).toMatchObject({ id: taskId })
    expect(sent.map(isCall)).toEqual([true, false])
    expect([ctx.db.roundTrips, ctx.db.plannedRoundTrips]).toEqual([2, 0])
    expect(await getTask(client(), taskId)).toMatchObject({ id: taskId })
    expect(sent.map(isCall)).toEqual([true, false, false])
    expect(log.mock.calls).toEqual([[{ message: 'plans.missing', plan: expect.any(String) }]])
  })

  async function nameOfGet(): Promise<string> {
    await getTask(client({ DATABASE_PLANS: 'off' }), taskId)
    return planName([sent.at(-1) ?? ''])
  }
})
