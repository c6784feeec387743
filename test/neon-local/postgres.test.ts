import { neon, neonConfig } from '@neondatabase/serverless'
import pg from 'pg'
import { expect, test } from 'vitest'
import { migrate } from '../../tools/database/migrate.ts'
import { localUrl } from '../../tools/database/real.ts'
import { postgresBackend } from '../../tools/neon-local/postgres.ts'
import { startNeonLocal } from '../../tools/neon-local/server.ts'
import { eventually } from '../support/eventually.ts'
import { describeReal, emptyDatabase, realPostgres } from '../support/real-postgres.ts'
import { migrationsFolder, openPostgres, withStack } from './back-ends.ts'

describeReal('only a real Postgres', () => {
  withStack(openPostgres, (stack) => {
    test('a hundred at once for one row: one wins, every other hears why', async () => {
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

    test('requests run side by side', async () => {
      const { sql } = stack()
      const startedAt = Date.now()
      await Promise.all(Array.from({ length: 20 }, () => sql`select pg_sleep(1)`))
      expect(Date.now() - startedAt).toBeLessThan(18_000)
    })

    test('serializable transactions that collide fail with 40001', async () => {
      const { sql } = stack()
      await sql`insert into accounts (id, owner) values (50, 'x')`
      const bump = () =>
        sql.transaction(
          [
            sql`select balance_minor, pg_sleep(0.4)::text from accounts where id = 50`,
            sql`update accounts set balance_minor = balance_minor + 1 where id = 50`,
          ],
          { isolationLevel: 'Serializable' },
        )
      const outcomes = await Promise.allSettled(Array.from({ length: 5 }, bump))
      const failed = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
      expect(failed.length).toBeGreaterThan(0)
      for (const { reason } of failed) expect(reason).toMatchObject({ code: '40001' })
      const [row] = await sql`select balance_minor::int as n from accounts where id = 50`
      expect(row).toEqual({ n: 5 - failed.length })
    })

    test('the connection string at host `local` chooses role and database; any other host the default', async () => {
      const other = await emptyDatabase()
      await migrate({ url: other.ownerUrl }, { folder: migrationsFolder })
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
      const sleeping = sql`select pg_sleep(10)`.catch((error: Error) => error)
      await eventually('a backend to end', async () => {
        const { rowCount } = await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
          where query like '%pg_sleep(10)%' and state = 'active' and pid <> pg_backend_pid()`)
        return rowCount
      })
      await admin.end()
      expect(await sleeping).toMatchObject({ message: expect.stringContaining('HTTP status 503') })
      expect(await sql`select 1 as one`).toEqual([{ one: 1 }])
    })
  })

  test('a shim that closes leaves no connection behind', async () => {
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
