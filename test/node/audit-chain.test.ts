import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import {
  type Connection,
  dayOf,
  refusalOf,
  rename,
  seal,
  today,
  verify,
  type World,
  writeAt,
} from '../support/audit-chain.ts'
import { actAs, asOwner, connect, openWorld } from '../support/integrity-world.ts'
import { awayFromMidnight } from '../support/midnight.ts'
import { describeReal } from '../support/real-postgres.ts'

await awayFromMidnight()

describeReal('the audit chain, over days', () => {
  let world: World
  const [before, yesterday] = [
    dayOf(new Date(Date.now() - 2 * 86_400_000)),
    dayOf(new Date(Date.now() - 86_400_000)),
  ]

  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  it('links each day to the day before, without waiting for late rows', async () => {
    const { connection } = world
    await connection.query('begin')
    await asOwner(connection, () => connection.query('delete from audit_log'))
    await connection.query('commit')
    const first = await writeAt(connection, `${before}T23:00:00Z`)
    await seal(connection)
    await writeAt(connection, `${yesterday}T10:00:00Z`)
    await seal(connection)
    const straggler = await writeAt(connection, `${before}T23:59:59Z`)
    await seal(connection)
    await writeAt(connection, new Date().toISOString())
    await seal(connection)

    const { rows: days } = await connection.query('select *, day::text as name from audit_days order by day')
    expect(days.map(({ name, row_count }) => [name, Number(row_count)])).toEqual([
      [before, 1],
      [yesterday, 2],
      [today(), 1],
    ])
    expect(days[0].previous_hash).toEqual(Buffer.alloc(32))
    expect(days[1].previous_hash).toEqual(days[0].head_hash)
    expect(days[2].previous_hash).toEqual(days[1].head_hash)
    const placed = await connection.query(
      'select day::text as day, chain_position::int as at from audit_log where id = any ($1) order by id',
      [[first, straggler]],
    )
    expect(placed.rows).toEqual([
      { day: before, at: 1 },
      { day: yesterday, at: 2 },
    ])
    const report = await verify(connection, before)
    expect(report).toMatchObject({ verified: 4, sealed_late: 3, broken: null })
  })

  /** Each is done as somebody who has the whole database: triggers off, every column open. It is undone afterwards. */
  const tamper = async (work: (connection: Connection) => Promise<unknown>) => {
    const { connection } = world
    await connection.query('begin')
    try {
      await asOwner(connection, () => work(connection))
      return (await verify(connection, before)).broken
    } finally {
      await connection.query('rollback')
    }
  }

  describe('names the first tampered row', () => {
    let ids: string[]
    beforeAll(async () => {
      for (let n = 0; n < 6; n += 1) await rename(world.connection, world, `Name ${n}`)
      await seal(world.connection)
      const { rows } = await world.connection.query(
        'select id from audit_log where day = $1 order by chain_position',
        [today()],
      )
      ids = rows.map(({ id }) => id)
      expect(ids).toHaveLength(7)
    })
    const at = (position: number) => ids[position - 1] as string

    const newDigest = `changes_digest = khidma.audit_payload_digest(salt, meta, ip_address, user_agent)`
    it.each<[string, string]>([
      ['its payload', `meta = '{"changes": {"full_name": ["Name 0", "Mallory"]}}'`],
      ['a part of its payload', `meta = jsonb_set(meta, '{changes,full_name,1}', '"Mallory"')`],
      ['its address', `ip_address = '192.0.2.1'`],
      ['its user agent', `user_agent = 'curl'`],
      ['its actor', `actor_user_id = null`],
      ['the kind of its actor', `actor_type = 'system'`],
      ['its role', `actor_role = 'client'`],
      ['its action', `action = 'users.insert'`],
      ['its target', `target_id = gen_random_uuid()::text`],
      ['its subject', `subject_user_id = gen_random_uuid()`],
      ['its outcome', `status = 'refused'`],
      ['its request', `request_id = 'other'`],
      ['its time, by a microsecond', `created_at = created_at + interval '1 microsecond'`],
      ['when it was sealed', `sealed_at = created_at`],
      ['its digest', `changes_digest = sha256('x')`],
      ['its hash', `hash = sha256('x')`],
      ['its link', `previous_hash = sha256('x')`],
      [
        'its payload under a claim of redaction',
        `meta = '{"changes": {"full_name": ["[redacted]", "[redacted]"]}}', salt = null, redacted_at = now(), redacted_by = id`,
      ],
    ])('changed: %s', async (_what, assignment) => {
      expect(
        await tamper((c) => c.query(`update audit_log set ${assignment} where id = $1`, [at(3)])),
      ).toEqual({
        id: at(3),
        day: today(),
        position: 3,
        reason: 'changed',
      })
    })

    it('changed: payload and digest together', async () => {
      const broken = await tamper(async (c) => {
        await c.query(`update audit_log set meta = '{}' where id = $1`, [at(3)])
        await c.query(`update audit_log set ${newDigest} where id = $1`, [at(3)])
      })
      expect(broken).toMatchObject({ id: at(3), reason: 'changed' })
    })

    it('changed: a rewritten day with matching hashes under the old head', async () => {
      const broken = await tamper(async (c) => {
        await c.query(`update audit_log set meta = '{}' where id = $1`, [at(2)])
        await c.query(`update audit_log set ${newDigest} where id = $1`, [at(2)])
        await c.query(`do $$
          declare a audit_log; link bytea;
          begin
            for a in select * from audit_log where day = '${today()}' order by chain_position loop
              link := coalesce(link, a.previous_hash);
              update audit_log set previous_hash = link, hash = khidma.audit_hash(link, a) where id = a.id returning hash into link;
            end loop;
          end $$`)
      })
      expect(broken).toEqual({ id: at(7), day: today(), position: 7, reason: 'changed' })
    })

    it('missing: one in the middle, the first, the last, and several', async () => {
      for (const [gone, position] of [
        [[4], 4],
        [[1], 1],
        [[7], 7],
        [[2, 3, 6], 2],
        [[1, 2, 3, 4, 5, 6, 7], 1],
      ] as const) {
        const broken = await tamper((c) =>
          c.query('delete from audit_log where id = any ($1)', [gone.map((n) => at(n))]),
        )
        expect(broken).toEqual({ id: null, day: today(), position, reason: 'missing' })
      }
    })

    it('missing: one in the middle, with the others renumbered', async () => {
      const broken = await tamper(async (c) => {
        await c.query('delete from audit_log where id = $1', [at(4)])
        for (const n of [5, 6, 7])
          await c.query('update audit_log set chain_position = chain_position - 1 where id = $1', [at(n)])
        await c.query('update audit_days set row_count = row_count - 1 where day = $1', [today()])
      })
      expect(broken).toMatchObject({ day: today(), position: 4, reason: 'missing' })
    })

    it('missing: the end of yesterday, with its head adjusted', async () => {
      const broken = await tamper(async (c) => {
        await c.query('delete from audit_log where day = $1 and chain_position = 2', [yesterday])
        await c.query(
          'update audit_days set row_count = 1, head_hash = (select hash from audit_log where day = $1) where day = $1',
          [yesterday],
        )
      })
      expect(broken).toEqual({ id: null, day: today(), position: 1, reason: 'missing' })
    })

    it('missing: yesterday', async () => {
      const broken = await tamper(async (c) => {
        await c.query('delete from audit_log where day = $1', [yesterday])
        await c.query('delete from audit_days where day = $1', [yesterday])
      })
      expect(broken).toEqual({ id: null, day: today(), position: 1, reason: 'missing' })
    })

    it('reordered: two swapped rows, or one moved to the end', async () => {
      const move = (c: Connection, n: number, to: number) =>
        c.query('update audit_log set chain_position = $2 where id = $1', [at(n), to])
      const swapped = await tamper(async (c) => {
        await move(c, 3, 100)
        await move(c, 5, 3)
        await move(c, 3, 5)
      })
      expect(swapped).toEqual({ id: at(5), day: today(), position: 3, reason: 'reordered' })
      const toTheEnd = await tamper((c) => move(c, 3, 8))
      expect(toTheEnd).toMatchObject({ id: at(4), position: 3, reason: 'reordered' })
      const toAnotherDay = await tamper((c) =>
        c.query('update audit_log set day = $2, chain_position = 3 where id = $1', [at(3), yesterday]),
      )
      expect(toAnotherDay).toMatchObject({ id: at(3), day: yesterday, reason: 'changed' })
    })

    it('changed: one inserted at the end with a matching hash', async () => {
      const forged = newId()
      const broken = await tamper((c) =>
        c.query(
          `insert into audit_log select (r).* from (select jsonb_populate_record(a, jsonb_build_object('id', $2::text, 'chain_position', 8,
             'previous_hash', a.hash, 'hash', khidma.audit_hash(a.hash, jsonb_populate_record(a, jsonb_build_object('id', $2::text))))) as r
             from audit_log a where a.id = $1) t`,
          [at(7), forged],
        ),
      )
      expect(broken).toEqual({ id: forged, day: today(), position: 8, reason: 'changed' })
    })

    it('unsealed: a row without its hash, and one never sealed', async () => {
      expect(await tamper((c) => c.query('update audit_log set hash = null where id = $1', [at(3)]))).toEqual(
        {
          id: at(3),
          day: today(),
          position: 3,
          reason: 'unsealed',
        },
      )
      const old = new Date(Date.now() - 10 * 60_000)
      let id = ''
      const broken = await tamper(async (c) => {
        await c.query('set session_replication_role = origin')
        id = await writeAt(c, old.toISOString())
      })
      expect(broken).toEqual({ id, day: dayOf(old), position: null, reason: 'unsealed' })
    })

    it('none in an untouched log', async () => {
      expect(await tamper(async () => {})).toBeNull()
    })
  })

  it('cannot be changed by the application, the owner or any setting', async () => {
    const { connection } = world
    const [{ id }] = (await connection.query('select id from audit_log where hash is not null limit 1')).rows
    const statements = [
      `update audit_log set action = 'x' where id = '${id}'`,
      `update audit_log set hash = null, day = null, chain_position = null where id = '${id}'`,
      `update audit_log set meta = '{}', salt = null, redacted_at = now(), redacted_by = id where id = '${id}'`,
      `delete from audit_log where id = '${id}'`,
      'truncate audit_log',
      `update audit_days set head_hash = sha256('x')`,
      'update audit_days set purged_at = now()',
      'delete from audit_days',
      'truncate audit_days',
    ]
    await connection.query(`set khidma.purge = 'audit_log'`)
    for (const statement of statements)
      expect([statement, await refusalOf(connection.query(statement))]).toEqual([statement, '23001'])
    const app = await connect(world.ownerUrl)
    await app.query('set role khidma_app')
    for (const statement of [...statements, `select khidma.keep_audit_day(d) from audit_days d`])
      expect([statement, await refusalOf(app.query(statement))]).toEqual([statement, '42501'])
    // It may have it sealed, and that is all.
    expect(await refusalOf(app.query('select * from khidma.seal_audit(10, false)'))).toBe('done')
    await app.end()
  })

  it('seals a row with its own hash only', async () => {
    const { connection } = world
    const id = await writeAt(connection, new Date().toISOString())
    const sealing = (hash: string) =>
      connection.query(
        `update audit_log a set day = d.day, chain_position = d.row_count + 1, previous_hash = d.head_hash, sealed_at = now(),
                hash = ${hash} from (select * from audit_days order by day desc limit 1) d where a.id = $1`,
        [id],
      )
    expect(await refusalOf(sealing(`sha256('x')`))).toBe('23001')
    await seal(connection)
    expect((await verify(connection, before)).broken).toBeNull()
  })

  it('remains valid with a redacted row, which is marked', async () => {
    const { connection, client } = world
    await rename(connection, world, 'Zubaida Erased')
    await seal(connection)
    await rename(connection, world, 'Zubaida Unsealed')
    await connection.query('begin')
    await actAs(connection, { id: null, role: 'system' })
    const { rows } = await connection.query('select khidma.redact_audit($1) as redacted', [client.id])
    await connection.query('commit')
    expect(rows[0].redacted).toBeGreaterThan(2)
    const left = await connection.query(
      `select count(*)::int as n from audit_log a where to_jsonb(a)::text ~ 'Zubaida|\\+20155500000' and a.subject_user_id = $1`,
      [client.id],
    )
    expect(left.rows[0].n).toBe(0)
    const one = await connection.query(
      `select meta, salt, ip_address, redacted_at is not null as is_redacted from audit_log where subject_user_id = $1 order by id desc limit 1`,
      [client.id],
    )
    expect(one.rows[0]).toEqual({
      meta: { changes: { full_name: ['[redacted]', '[redacted]'] } },
      salt: null,
      ip_address: null,
      is_redacted: true,
    })
    const report = await verify(connection, before)
    expect(report.broken).toBeNull()
    expect(report.redacted).toBe(rows[0].redacted)
    // Twice is once.
    expect(
      (await connection.query('select khidma.redact_audit($1) as redacted', [client.id])).rows[0].redacted,
    ).toBe(0)
    const entry = await connection.query(
      `select meta, actor_type from audit_log where action = 'audit_log.redact'`,
    )
    expect(entry.rows).toEqual([{ meta: { rows: rows[0].redacted }, actor_type: 'system' }])
  })
})

describeReal('the audit log, after two years', () => {
  it('deletes whole days, and keeps their heads', async () => {
    const world = await openWorld()
    const { connection } = world
    const long = (days: number) => new Date(Date.now() - days * 86_400_000)
    await asOwner(connection, () => connection.query('delete from audit_log'))
    for (const days of [800, 800, 790, 700]) {
      await writeAt(connection, long(days).toISOString())
      await seal(connection)
    }
    const purge = async (limit: number) =>
      (await connection.query('select khidma.purge_audit($1) as n', [limit])).rows[0].n
    expect([await purge(2), await purge(2), await purge(2)]).toEqual([2, 1, 0])
    const { rows } = await connection.query(
      'select day::text as day, row_count::int as rows, purged_at is not null as purged from audit_days order by day',
    )
    expect(rows.slice(0, 3)).toEqual([
      { day: dayOf(long(800)), rows: 2, purged: true },
      { day: dayOf(long(790)), rows: 1, purged: true },
      { day: dayOf(long(700)), rows: 1, purged: false },
    ])
    expect(await verify(connection, dayOf(long(810)))).toMatchObject({ broken: null, verified: 3 })
    const entries = await connection.query(
      `select meta from audit_log where action = 'audit_log.purge' order by created_at`,
    )
    expect(entries.rows).toEqual([{ meta: { rows: 2 } }, { meta: { rows: 1 } }])
    await world.close()
  })
})

describeReal('the modules of the audit log', () => {
  it('are known for every audited table', async () => {
    const world = await openWorld()
    const { rows } = await world.connection.query(
      `select c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
        where p.proname = 'audit' and khidma.audit_module(c.relname) = 'system' order by 1`,
    )
    expect(rows).toEqual([])
    await world.close()
  })
})
