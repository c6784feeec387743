import { readFileSync, writeFileSync } from 'node:fs'
import { machines } from '../../src/areas/index.ts'
import { permissions, systemRoles } from '../../src/core/permissions.ts'
import { tableOwners } from '../sql/owners.ts'
import { sqlPage } from '../sql/page.ts'
import { auditFiles } from './audit.ts'
import { configDefaultsSql, countriesSql } from './configuration.ts'
import { machinePage } from './page.ts'
import { postingsPage, postingsSql } from './postings.ts'
import { retentionSql, retentionTable } from './retention.ts'
import { areaOf, machineSql } from './sql.ts'
import { quote, tuples } from './values.ts'

/**
 * Writes what follows from TypeScript tables: for each machine its guard rows and trigger functions, for each audited table the
 * function that writes its entries, the rows of `permissions` and of the system roles, the periods of retention, the defaults of configuration (`drizzle/sql`, applied by the migrator whenever they
 * change), the diagrams of `docs/state-machines.md`, the table in `docs/operations.md`, and `docs/sql.md`. `--check` fails where one is out of date.
 */
const generated: Record<string, () => string> = {
  ...Object.fromEntries(
    machines.map((machine) => [
      `drizzle/sql/${areaOf(machine)}/${machine.name.replaceAll('_', '-')}-machine.sql`,
      () => machineSql(machine),
    ]),
  ),
  ...auditFiles(),
  'drizzle/sql/people/access/permission-rows.sql': permissionsSql,
  'drizzle/sql/money/ledger/posting-rows.sql': postingsSql,
  'docs/money.md': postingsPage,
  'drizzle/sql/trust/audit/modules.sql': () => modulesSql,
  'drizzle/sql/platform/configuration/config-defaults.sql': () => defaultsSql,
  'drizzle/sql/platform/configuration/countries.sql': countriesSql,
  'drizzle/sql/platform/system/retention-periods.sql': retentionSql,
  'docs/operations.md': retentionTable,
  'docs/state-machines.md': () => machinePage(machines),
  'docs/sql.md': sqlPage,
}

const owners = await tableOwners()
const defaultsSql = await configDefaultsSql()
const modulesSql = `-- Generated from src/db/schema by \`npm run machines\`.

-- The module of an audit entry: the area that owns the table which was changed.
create or replace function khidma.audit_module(p_target_type text) returns text language sql immutable parallel safe as $$
  select coalesce('{
${[...new Set(owners.values())]
  .sort()
  .map((area) =>
    [...owners]
      .filter(([, owner]) => owner === area)
      .map(([table]) => `"${table}": "${area}"`)
      .join(', '),
  )
  .join(',\n')}}'::jsonb ->> p_target_type, 'system')
$$;
`

function permissionsSql(): string {
  const names = Object.keys(permissions)
  const grants = Object.entries(systemRoles).flatMap(([role, held]) =>
    held.map((permission) => [role, permission]),
  )
  return `-- Generated from permissions.ts by \`npm run machines\`: the permissions there are, and those of the system roles.

insert into permissions (id, name, resource, action, description)
select khidma.uuid_v7(), name, split_part(name, '.', 1), split_part(name, '.', 2), description from (values
${tuples(Object.entries(permissions))}
) as declared (name, description)
on conflict (name) do update set description = excluded.description where permissions.description <> excluded.description;

-- A permission that is gone leaves every role with it.
delete from role_permissions where permission_id in (
  select id from permissions where name not in (${names.map(quote).join(', ')}));
delete from permissions where name not in (${names.map(quote).join(', ')});

with declared as (
  select r.id as role_id, p.id as permission_id from (values
${tuples(grants)}
  ) as t (role, permission) join roles r on r.name = t.role and r.is_system_role join permissions p on p.name = t.permission
), surplus as (
  delete from role_permissions g using roles r
   where r.id = g.role_id and r.is_system_role
     and not exists (select from declared d where d.role_id = g.role_id and d.permission_id = g.permission_id)
)
insert into role_permissions (role_id, permission_id)
select d.role_id, d.permission_id from declared d
on conflict do nothing;
`
}

for (const [path, text] of Object.entries(generated)) {
  if (!process.argv.includes('--check')) writeFileSync(path, text())
  else if (readFileSync(path, 'utf8') !== text()) {
    console.error(`${path} is out of date: run npm run machines`)
    process.exitCode = 1
  }
}
