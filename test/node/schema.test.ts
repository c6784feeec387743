import { globSync, readFileSync } from 'node:fs'
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as schema from '../../src/db/schema/index.ts'
import { DATABASE_FOLDER, readDatabaseFiles } from '../../tools/database/files.ts'
import { migrate } from '../../tools/database/migrate.ts'
import { readSqlInventory } from '../../tools/sql/inventory.ts'
import { type Catalogue, catalogueOf } from '../support/catalogue.ts'
import { connect } from '../support/integrity-world.ts'
import { describeReal, emptyDatabase, freshDatabase } from '../support/real-postgres.ts'

describeReal('the database', () => {
  const inventory = readSqlInventory()
  let connection: pg.Client
  let url: string
  let catalogue: Catalogue

  beforeAll(async () => {
    url = (await freshDatabase()).ownerUrl
    connection = await connect(url)
    catalogue = await catalogueOf(connection)
  })
  afterAll(() => connection.end())

  const texts = async (query: string, values: string[] = []): Promise<string[]> =>
    (await connection.query<{ text: string }>(query, values)).rows.map(({ text }) => text)

  it('has the columns, constraints, indexes and enums of the drizzle schema', async () => {
    const declared = await emptyDatabase()
    const other = await connect(declared.ownerUrl)
    try {
      const [setup] = readDatabaseFiles(DATABASE_FOLDER)
      await other.query(setup?.text ?? '')
      const statements = await generateMigration(generateDrizzleJson({}), generateDrizzleJson(schema))
      // drizzle-kit quotes the parameters of a custom type with its name.
      for (const statement of statements)
        await other.query(statement.replace(/"(geography\([^"]+\))"/g, '$1'))
      const expected = await catalogueOf(other)
      for (const kind of ['columns', 'constraints', 'indexes', 'enums'] as const) {
        const undeclared = catalogue[kind].filter((text) => !isBeyondDrizzle(text))
        expect(undeclared, kind).toEqual(expected[kind])
      }
    } finally {
      await other.end()
    }
  })

  it('has a file for every function, trigger and view, and no entry in a file without one', async () => {
    expect(inventory.functions.map(({ name }) => name).sort()).toEqual(
      (
        await texts(`select 'khidma.' || p.proname as text from pg_proc p
          where p.pronamespace = 'khidma'::regnamespace
            and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`)
      ).sort(),
    )
    expect(inventory.triggers.map(({ table, name }) => `${table} ${name}`).sort()).toEqual(
      (
        await texts(
          `select tgrelid::regclass || ' ' || tgname as text from pg_trigger where not tgisinternal`,
        )
      ).sort(),
    )
    expect(inventory.views.map(({ name }) => name).sort()).toEqual(
      catalogue.views.map((text) => text.split(':')[0]).sort(),
    )
  })

  it('is the same after all files were applied again', async () => {
    const again = await freshDatabase()
    const other = await connect(again.ownerUrl)
    try {
      await other.query(`delete from khidma.applied_sql where path like 'sql/%'`)
      expect((await migrate({ url: again.ownerUrl }, { dryRun: true })).length).toBeGreaterThan(50)
      await migrate({ url: again.ownerUrl })
      expect(await catalogueOf(other)).toEqual(catalogue)
    } finally {
      await other.end()
    }
  })

  it('applies nothing where nothing has changed', async () => {
    expect(await migrate({ url })).toEqual([])
  })

  it('has triggers whose block in their file is in firing order', async () => {
    const order = await texts(
      `select tgrelid::regclass || ' ' || tgname as text from pg_trigger where not tgisinternal
        order by tgrelid::regclass::text, (tgtype & 2) = 0, (tgtype & 1) = 1, tgconstraint <> 0, tgname collate "C"`,
    )
    const files = inventory.triggers.toSorted((a, b) => (a.table < b.table ? -1 : a.table > b.table ? 1 : 0))
    expect(files.map(({ table, name }) => `${table} ${name}`)).toEqual(order)
  })

  it('has functions in which plpgsql_check finds no fault', async () => {
    await connection.query('create extension if not exists plpgsql_check')
    const faults = await texts(
      `select p.oid::regprocedure || coalesce(' on ' || t.tgrelid::regclass::text, '') || ' line ' || coalesce(c.lineno, 0) || ': ' || c.message as text
         from pg_proc p
         join pg_language l on l.oid = p.prolang and l.lanname = 'plpgsql'
         left join (select distinct tgfoid, tgrelid, tgnewtable from pg_trigger where not tgisinternal) t on t.tgfoid = p.oid
        cross join lateral plpgsql_check_function_tb(
           p.oid, coalesce(t.tgrelid, 0), newtable => t.tgnewtable, other_warnings => false, extra_warnings => false) c
        where p.pronamespace = 'khidma'::regnamespace
        order by 1`,
    )
    expect(faults).toEqual([])
  })

  it('has SQL functions whose bodies Postgres accepts', async () => {
    const definitions = await texts(
      `select pg_get_functiondef(p.oid) as text from pg_proc p join pg_language l on l.oid = p.prolang and l.lanname = 'sql'
        where p.pronamespace = 'khidma'::regnamespace`,
    )
    await connection.query('set check_function_bodies = on')
    for (const definition of definitions) await connection.query(definition)
    expect(definitions.length).toBeGreaterThan(40)
  })

  it('has no function in SQL that Postgres would plan anew at each call', async () => {
    // Such a function is no expression: it reads something, or returns nothing. Sets are read in place, as views are.
    const reads = String.raw`\m(from|exists)\M|\(\s*(select|with)\M`
    const harmless = String.raw`'from'|is (not )?distinct from|extract\([^;]*? from |substring\([^;]*? from `
    expect(
      await texts(
        `select p.proname as text from pg_proc p join pg_language l on l.oid = p.prolang and l.lanname = 'sql'
          where p.pronamespace = 'khidma'::regnamespace and not p.proretset
            and (p.prorettype = 'void'::regtype or p.prosrc ~* '^\\s*(with|insert|update|delete)'
                 or regexp_replace(p.prosrc, $1, '', 'gi') ~* $2)
            and p.prokind = 'f' order by 1`,
        [harmless, reads],
      ),
    ).toEqual([])
  })

  it('has triggers whose arguments are columns of their table', async () => {
    expect(
      await texts(
        `select a.relation || '.' || a.trigger || ' ' || a.argument as text from (${TRIGGER_ARGUMENTS}) a
          where a.function in ('follow_media', 'keep_match_index') or a.function like 'audit\\_%'
         except
         select a.relation || '.' || a.trigger || ' ' || a.argument from (${TRIGGER_ARGUMENTS}) a
           join pg_attribute c on c.attrelid = a.relation and c.attname = a.argument and c.attnum > 0 and not c.attisdropped`,
      ),
    ).toEqual([])
  })

  it('uses only the transaction settings listed in actor.sql', () => {
    const files = [...globSync('drizzle/sql/**/*.sql'), ...globSync('src/**/*.ts')]
    const used = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/(?:set_config|current_setting)\('khidma\.(\w+)'/g)].map(
        ([, name]) => name,
      ),
    )
    const [list = ''] = readFileSync('drizzle/sql/platform/system/actor.sql', 'utf8').split('\n\n')
    const listed = list
      .slice(list.indexOf('-- setting '))
      .split('\n')
      .slice(1)
      .flatMap((line) => line.slice(3, 70).split('  ')[0]?.match(/\w+/g) ?? [])
    expect(listed.sort()).toEqual([...new Set(used)].sort())
  })

  it('hides in the audit log each column that looks like a secret', async () => {
    const audited = `select distinct t.tgrelid as relation from pg_trigger t join pg_proc p on p.oid = t.tgfoid
      where p.proname like 'audit\\_%' and not t.tgisinternal`
    expect(
      await texts(
        `select c.attrelid::regclass || '.' || c.attname as text
           from (${audited}) t join pg_attribute c on c.attrelid = t.relation and c.attnum > 0 and not c.attisdropped
          where c.attname ~ '(hash|secret|token|password|salt|otp|pin)(_|$)'
            and format_type(c.atttypid, null) in ('text', 'bytea', 'jsonb')
            and exists (select from pg_trigger t2 join pg_proc p on p.oid = t2.tgfoid and p.proname like 'audit\\_%'
                         where t2.tgrelid = t.relation and not t2.tgisinternal
                           and not c.attname = any (string_to_array(trim(trailing E'\\\\000' from encode(t2.tgargs, 'escape')), E'\\\\000')))
          order by 1`,
      ),
    ).toEqual([])
  })
})

/** An exclusion constraint and its index: see `0002_constraints.sql`. */
const isBeyondDrizzle = (text: string): boolean =>
  /\b(calendar_items_no_overlap|candidate_views_one_at_a_time|config_entries_one_at_a_time|pricing_bands_one_at_a_time|order_refunds_once|pricing_bands_one_currency)\b/.test(
    text,
  ) ||
  text.startsWith('applied_sql') ||
  /khidma\.applied_sql/.test(text)

/** Postgres keeps arguments as bytes that end with a zero each. */
const TRIGGER_ARGUMENTS = `
  select t.tgrelid::regclass as relation, t.tgname as trigger, p.proname as function, x.argument, x.position
    from pg_trigger t join pg_proc p on p.oid = t.tgfoid
   cross join lateral unnest(string_to_array(encode(t.tgargs, 'escape'), E'\\\\000')) with ordinality as x (argument, position)
   where not t.tgisinternal and x.argument <> ''`
