import { afterAll, beforeAll, expect, it } from 'vitest'
import { sealAuditLog, verifyAuditLog } from '../../src/areas/trust/audit/chain.ts'
import { newId } from '../../src/core/ids.ts'
import { type Connection, plenty, rename, seal, today, verify, type World } from '../support/audit-chain.ts'
import { actAs, connect, openWorld } from '../support/integrity-world.ts'
import { awayFromMidnight } from '../support/midnight.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'

await awayFromMidnight()

describeReal('the audit chain, with many writers', () => {
  let world: World
  let others: Connection[]
  let contexts: NodeContexts

  beforeAll(async () => {
    world = await openWorld()
    others = await times(8, () => connect(world.ownerUrl))
    contexts = await openContexts(world.ownerUrl, 4)
  })
  afterAll(async () => {
    await contexts.close()
    await Promise.all([...others, world.connection].map((connection) => connection.end()))
  })

  it('has no gap or branch with eight writers and two sealers', async () => {
    const writers = others.slice(0, 6).map(async (connection, writer) => {
      for (let n = 0; n < 30; n += 1) {
        await connection.query('begin')
        await actAs(connection, world.ops)
        await connection.query('insert into users (id, phone) values ($1, $2)', [
          newId(),
          `+2011${writer}${String(n).padStart(7, '0')}`,
        ])
        if (n % 5 === 0) await connection.query('select pg_sleep(0.02)')
        await connection.query(n % 7 === 0 ? 'rollback' : 'commit')
      }
    })
    let isWriting = true
    const sealers = others.slice(6).map(async (connection) => {
      while (isWriting) await connection.query('select * from khidma.seal_audit(37, false)')
    })
    await Promise.all(writers)
    isWriting = false
    await Promise.all(sealers)
    await seal(world.connection)

    const { rows } = await world.connection.query(
      `select count(*)::int as rows, min(chain_position)::int as first, max(chain_position)::int as last,
              count(distinct hash)::int as hashes, count(*) filter (where hash is null)::int as unsealed,
              (select row_count::int from audit_days) as booked, count(*) filter (where action = 'users.insert')::int as inserts
         from audit_log where day = $1`,
      [today()],
    )
    const [{ rows: count, inserts }] = rows
    expect(rows[0]).toEqual({
      rows: count,
      first: 1,
      last: count,
      hashes: count,
      unsealed: 0,
      booked: count,
      inserts,
    })
    // Five of thirty were rolled back; four people belong to the world itself.
    expect(inserts).toBe(6 * 25 + 4)
    expect(await verify(world.connection, today())).toMatchObject({
      verified: count,
      broken: null,
      complete: true,
    })
  })

  it('makes no writer wait for the sealer, and no sealer for another', async () => {
    const [sealer, writer, second] = others as [Connection, Connection, Connection]
    await rename(writer, world, 'Before')
    await sealer.query('begin')
    await seal(sealer)
    try {
      await writer.query(`set lock_timeout = '500ms'`)
      await rename(writer, world, 'Meanwhile')
      const { rows } = await second.query('select * from khidma.seal_audit(10, false)')
      expect(rows[0].sealed).toBe(0)
    } finally {
      await sealer.query('commit')
      await writer.query('reset lock_timeout')
    }
    expect((await seal(sealer)).sealed).toBeGreaterThan(0)
  })

  it('includes rows of a slow transaction that commits after its neighbours were sealed', async () => {
    const [slow, fast] = others as [Connection, Connection]
    await slow.query('begin')
    await actAs(slow, world.ops)
    await slow.query('update users set full_name = $2 where id = $1', [world.tasker.id, 'Slow'])
    await rename(fast, world, 'Fast')
    await seal(fast)
    await slow.query('commit')
    expect((await seal(fast)).sealed).toBe(1)
    expect((await verify(fast, today())).broken).toBeNull()
  })

  it('verifies a long log in parts', async () => {
    const ctx = contexts.contextOf(world.ops)
    const whole = await verifyAuditLog(ctx, { from: today(), to: today(), maxRows: plenty })
    expect(whole).toMatchObject({ complete: true, broken: null, days: [{ day: today(), purged: false }] })
    let [after, rows, parts]: [{ day: string; position: number } | undefined, number, number] = [
      undefined,
      0,
      0,
    ]
    for (;;) {
      const part = await verifyAuditLog(contexts.contextOf(world.ops), {
        from: today(),
        to: today(),
        after,
        maxRows: 50,
      })
      rows += part.verified
      parts += 1
      if (part.complete) break
      after = { day: part.throughDay as string, position: part.throughPosition as number }
    }
    expect(rows).toBe(whole.verified)
    expect(parts).toBe(Math.ceil(whole.verified / 50))
  })

  it('is sealed by the scheduled job', async () => {
    await rename(world.connection, world, 'Cron')
    expect(await sealAuditLog(contexts.contextOf(world.ops), 10)).toEqual({
      sealed: 1,
      overdue: 0,
      closed: [],
    })
  })
})
