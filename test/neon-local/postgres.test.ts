import { neon, neonConfig } from '@neondatabase/serverless'
import pg from 'pg'
import { expect, test } from 'vitest'
import { migrate } from '../../tools/database/migrate.ts'
import { localUrl } from '../../tools/database/real.ts'
import { postgresBackend } from '../../tools/neon-local/postgres.ts'
import { startNeonLocal } from '../../tools/neon-local/server.ts'
import { eventually } from '../support/eventually.ts'
import { describeReal, emptyDatabase, realPostgres } from '../support/real-postgres.ts'
import { databaseFolder, openPostgres, withStack } from './back-ends.ts'

describeReal('only a real Postgres', () => {
  withStack(openPostgres, (stack) => {
    test('a hundred at once for one row: one wins, every other gets the reason', async () => {
      const { sql } = stack()
      const attempts = Array.from(
        { length: 100 },
        (_, index) => sql`insert into accounts (id, owner) values (7, ${`racer ${index}`}) returning owner`,
      )
      const outcomes = await Promise.allSettled(attempts)
      const lost = outcomes.filter(({ status }) => status === 'rejected')
      expect(lost).toHaveLength(99)
      for (const { reason } of lost as PromiseRejectedResult[])
        expect(reason).toMatchObject({ code: '23505', constraint: 'accounts_pkey' })
    })

    /** Begins this many at once. None goes on before all of them wait at the same place. */
    async function gathered<T>(
      count: number,
      begin: () => PromiseLike<T>,
    ): Promise<PromiseSettledResult<T>[]> {
      const gate = new pg.Client({ connectionString: realPostgres?.urlOf(stack().database) })
      await gate.connect()
      try {
        await gate.query('select pg_advisory_lock(1)')
        const begun = Promise.allSettled(Array.from({ length: count }, begin))
        await eventually('all are there', async () => {
          const { rows } = await gate.query(
            `select count(*)::int as n from pg_locks l join pg_database d on d.oid = l.database
              where d.datname = current_database() and l.locktype = 'advisory' and not l.granted`,
          )
          return rows[0].n === count
        })
        await gate.query('select pg_advisory_unlock(1)')
        return await begun
      } finally {
        await gate.end()
      }
    }

    test('requests run side by side', async () => {
      const { sql } = stack()
      const met = await gathered(20, () => sql`select pg_advisory_xact_lock_shared(1)::text`)
      expect(met.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
    })

    test('serializable transactions that collide fail with 40001', async () => {
      const { sql } = stack()
      await sql`insert into accounts (id, owner) values (50, 'x')`
      const bump = () =>
        sql.transaction(
          [
            sql`select balance_minor, pg_advisory_xact_lock_shared(1)::text from accounts where id = 50`,
            sql`update accounts set balance_minor = balance_minor + 1 where id = 50`,
          ],
          { isolationLevel: 'Serializable' },
        )
      const outcomes = await gathered(5, bump)
      const failed = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
      expect(failed).toHaveLength(4)
      for (const { reason } of failed) expect(reason).toMatchObject({ code: '40001' })
      const [row] = await sql`select balance_minor::int as n from accounts where id = 50`
      expect(row).toEqual({ n: 1 })
    })

    test('the connection string at host `local` chooses role and database; any other host the default', async () => {
      const other = await emptyDatabase()
      await migrate({ url: other.ownerUrl }, { folder: databaseFolder })
      const who = (url: string) => neon(url)`select current_user as role, current_database() as database`
      expect(await who(other.appUrl)).toEqual([{ role: 'khidma_app', database: other.name }])
      expect(await who(localUrl(other.name, 'postgres'))).toEqual([
        { role: 'postgres', database: other.name },
      ])
      const [byDefault] = await who('postgres://somebody:secret@ep-one.neon.tech/somewhere')
      expect(byDefault?.role).toBe('postgres')
      expect(byDefault?.database).not.toBe(other.name)
      await expect(who(localUrl('no_such_database'))).rejects.toThrow('503')
      await expect(who(localUrl(other.name, 'nobody'))).rejects.toThrow('503')
    })

    test('a connection that the server ends is an outage once, then forgotten', async () => {
      const { sql } = stack()
      const admin = new pg.Client({ connectionString: realPostgres?.url })
      await admin.connect()
      const sleeping = sql`select pg_sleep(600)`.catch((error: Error) => error)
      await eventually('a backend to end', async () => {
        const { rowCount } = await admin.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
            where datname = $1 and query like '%pg_sleep(600)%' and state = 'active'`,
          [stack().database],
        )
        return rowCount
      })
      await admin.end()
      expect(await sleeping).toMatchObject({ message: expect.stringContaining('HTTP status 503') })
      expect(await sql`select 1 as one`).toEqual([{ one: 1 }])
    })
  })

  test('closing the endpoint leaves no connection behind', async () => {
    const { name, ownerUrl } = await emptyDatabase()
    const shim = await startNeonLocal({ backend: postgresBackend({ url: ownerUrl }) })
    neonConfig.fetchEndpoint = shim.url
    const sql = neon(localUrl(name, 'postgres'))
    await Promise.all(Array.from({ length: 10 }, () => sql`select 1`))
    await shim.close()
    const admin = new pg.Client({ connectionString: realPostgres?.url })
    await admin.connect()
    await eventually('the last connection has gone', async () => {
      const { rows } = await admin.query('select 1 from pg_stat_activity where datname = $1', [name])
      return rows.length === 0
    })
    await admin.end()
  })
})
