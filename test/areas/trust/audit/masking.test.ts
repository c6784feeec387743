import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { newId } from '../../../../src/core/ids.ts'
import { database, signedIn } from '../../../support/api.ts'

const changesOf = async (targetType: string, targetId: string) => {
  const rows = await database().read<{ changes: Record<string, unknown> }>(
    sql`select meta -> 'changes' as changes from audit_log
         where target_type = ${targetType} and target_id = ${targetId} order by id`,
  )
  return rows.map(({ changes }) => changes)
}

it('the log records changes of numbers and addresses without their values', async () => {
  const { userId } = await signedIn('client')
  const [first, second] = [`m-${newId()}@example.com`, `k-${newId()}@example.org`]
  await database().write([
    sql`insert into company_profiles (user_id, company_name, email, phone) values (${userId}, 'Nile Repairs', ${first}, '+201000000017')`,
    sql`update company_profiles set email = ${second}, phone = null where user_id = ${userId}`,
    sql`update users set email = ${first} where id = ${userId}`,
  ])
  const [made, changed] = await changesOf('company_profiles', userId)
  expect(made).toMatchObject({
    company_name: [null, 'Nile Repairs'],
    email: [null, 'm***@example.com'],
    phone: [null, '+201***17'],
  })
  expect(changed).toEqual({ email: ['m***@example.com', 'k***@example.org'], phone: ['+201***17', null] })
  expect(JSON.stringify(await changesOf('users', userId))).not.toContain(first)
})

it('every audited column that holds an address or a number is masked', async () => {
  const [row] = await database().read<{ columns: string[]; trigger: string }>(
    sql`select (select json_agg(distinct c.column_name)
                  from information_schema.columns c join pg_trigger t on t.tgrelid = format('public.%I', c.table_name)::regclass
                 where c.table_schema = 'public' and c.column_name ~ '(^|_)(email|phone)$' and t.tgname = 'z_audit') as columns,
               (select pg_get_triggerdef(t.oid) from pg_trigger t where t.tgname = 'a_mask') as trigger`,
  )
  expect(row?.columns).toEqual(expect.arrayContaining(['department_email', 'email', 'phone']))
  for (const column of row?.columns ?? []) expect(row?.trigger).toContain(`'${column}'`)
})
