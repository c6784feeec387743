import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { neon, neonConfig } from '@neondatabase/serverless'
import { afterAll, describe, expect, test } from 'vitest'
import { openEmbedded } from '../../tools/database/embedded.ts'
import { migrate } from '../../tools/database/migrate.ts'
import { baseCachePath, cachePath, postgisPath } from '../../tools/database/pglite-cache.ts'
import { describeReal, emptyDatabase } from '../support/real-postgres.ts'
import { databaseFolder } from './back-ends.ts'

const root = mkdtempSync(join(tmpdir(), 'khidma-test-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A copy of the migrations with one more. */
function withMigration(name: string, statement: string): string {
  const folder = join(root, name)
  cpSync(databaseFolder, folder, { recursive: true })
  const path = join(folder, 'migrations/meta/_journal.json')
  const journal = JSON.parse(readFileSync(path, 'utf8'))
  journal.entries.push({
    ...journal.entries[0],
    idx: 1,
    when: journal.entries[0].when + 1,
    tag: `0001_${name}`,
  })
  writeFileSync(path, JSON.stringify(journal))
  writeFileSync(join(folder, `migrations/0001_${name}.sql`), statement)
  return folder
}

describe('the embedded database', () => {
  test('keeps its data, refuses a second process, applies pending migrations', {
    timeout: 240_000,
  }, async () => {
    const dir = join(root, 'kept')
    const first = await openEmbedded({ dir, databaseFolder })
    await first.db.query(`insert into accounts (id, owner) values (1, 'kept')`)
    await expect(openEmbedded({ dir, databaseFolder })).rejects.toThrow(
      `The database in ${dir} is in use by process ${process.pid}.`,
    )
    await first.close()

    const folder = withMigration('pending', 'alter table accounts add column note text')
    const second = await openEmbedded({ dir, databaseFolder: folder })
    expect((await second.db.query('select owner, note from accounts')).rows).toEqual([
      { owner: 'kept', note: null },
    ])
    await second.close()
    expect(existsSync(join(dir, 'lock'))).toBe(false)
  })

  test('takes over from a process that died and redoes a first start that never ended', {
    timeout: 240_000,
  }, async () => {
    const dir = join(root, 'taken')
    const first = await openEmbedded({ dir, databaseFolder })
    await first.close()
    rmSync(join(dir, 'ready'))
    const child = spawn(process.execPath, ['-e', ''])
    await new Promise((resolve) => child.once('exit', resolve))
    writeFileSync(join(dir, 'lock'), `${child.pid} 1`)
    const second = await openEmbedded({ dir, databaseFolder })
    expect((await second.db.query('select count(*)::int as n from accounts')).rows).toEqual([{ n: 0 }])
    await second.close()
  })

  test('a lock ends with its process', async () => {
    const path = join(root, 'held')
    const module = join(import.meta.dirname, '../../tools/database/pid-lock.ts')
    const script = `import { takeLock } from ${JSON.stringify(module)}; takeLock(${JSON.stringify(path)}, 'It')
      console.log((await import('node:fs')).existsSync(${JSON.stringify(path)})); process.exit(3)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let printed = ''
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(3)
    expect(printed.trim()).toBe('true')
    expect(existsSync(path)).toBe(false)
  })

  test('rebuilds a damaged cache', { timeout: 240_000 }, async () => {
    const cacheFolder = join(root, 'cache')
    const shared = join(import.meta.dirname, '../../.khidma/cache')
    cpSync(baseCachePath(shared), baseCachePath(cacheFolder))
    const damaged = [postgisPath(cacheFolder), cachePath(cacheFolder, databaseFolder)]
    for (const path of damaged) {
      cpSync(join(shared, basename(path)), path)
      truncateSync(path, 1_000_000)
    }
    const { db, close } = await openEmbedded({ databaseFolder, cacheFolder })
    expect((await db.query('select count(*)::int as n from accounts')).rows).toEqual([{ n: 0 }])
    expect((await db.query(`select st_x('point(1 2)')::int as x`)).rows).toEqual([{ x: 1 }])
    await close()
    for (const path of damaged) expect(statSync(path).size).toBe(statSync(join(shared, basename(path))).size)
  })
})

test('a failed, edited or missing migration is named in the error', async () => {
  const { db, close } = await openEmbedded({ databaseFolder })
  const attempt = (folder: string) => expect(migrate({ pglite: db }, { folder })).rejects
  const broken = withMigration(
    'broken',
    'create table fine (id int);\n--> statement-breakpoint\nselect nonsense',
  )
  await attempt(broken).toThrow(
    /^Migration 0001_broken failed at line \d: column "nonsense" does not exist\.$/,
  )
  expect((await db.query(`select to_regclass('fine') as fine`)).rows).toEqual([{ fine: null }])

  const edited = withMigration('edited', 'select 1')
  writeFileSync(join(edited, 'migrations/0000_everything.sql'), 'select 2')
  await attempt(edited).toThrow(
    'Migration 0000_everything was changed after it was applied to this database.',
  )
  await attempt(join(root, 'none')).toThrow(/^There are no migrations in/)
  await close()
})

describeReal('migrating a real Postgres', () => {
  test('is idempotent, also from several processes at once, and names a failure', async () => {
    const { ownerUrl: url } = await emptyDatabase()
    await Promise.all([1, 2, 3].map(() => migrate({ url }, { folder: databaseFolder })))
    await migrate({ url }, { folder: databaseFolder })
    const folder = withMigration('broken-too', 'select nonsense')
    await expect(migrate({ url }, { folder })).rejects.toThrow(
      /^Migration 0001_broken-too failed at line \d: column "nonsense" does not exist\.$/,
    )
    await expect(migrate({ url: 'postgres://x@127.0.0.1:9/x' }, { folder })).rejects.toThrow(
      /^The database does not answer: .*ECONNREFUSED.*\.$/,
    )
  })
})

describe('node tools/neon-local/main.ts', () => {
  test('serves an embedded database until a signal stops it', { timeout: 240_000 }, async () => {
    const main = join(import.meta.dirname, '../../tools/neon-local/main.ts')
    const child = spawn(process.execPath, [main, '--memory', '--port', '0'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()))
      child.once('exit', (code) => reject(new Error(`ended with ${code}`)))
    })
    neonConfig.fetchEndpoint = line.trim().split(' ').at(-1) as string
    expect(await neon('postgres://postgres@local/khidma')`select 1 as one`).toEqual([{ one: 1 }])
    child.kill('SIGTERM')
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0)
  })
})
