import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Machine, type Person, transitionRows } from '../../src/core/machine.ts'
import { DATABASE_FOLDER } from '../database/files.ts'
import { quote, tuples } from './values.ts'

/** `work/bookings`: where the trigger lines of the machine's table stand. */
export function areaOf({ table }: Machine): string {
  const areas = readdirSync(join(DATABASE_FOLDER, 'sql'), { recursive: true, encoding: 'utf8' })
  const blocks = areas.filter((path) => path.endsWith('/triggers.sql'))
  const home = blocks.find((path) => triggersIn(path).split('\n').includes(`-- ${table}`))
  if (!home) throw new Error(`No triggers.sql has a block "-- ${table}".`)
  return home.replace('/triggers.sql', '')
}

const triggersIn = (path: string) => readFileSync(join(DATABASE_FOLDER, 'sql', path), 'utf8')

/** The machine's file: its guard rows, and the function that calls what follows. */
export function machineSql(machine: Machine): string {
  const rows = transitionRows(machine).map((row) => [
    row.machine,
    row.name,
    row.fromState,
    row.toState,
    row.party,
    row.drivesTo,
    row.event,
  ])
  return `-- Generated from machine.ts by \`npm run machines\`: which party may make which transition, and what follows from it.

delete from state_transitions where machine = '${machine.name}';
insert into state_transitions (machine, name, from_state, to_state, party, drives_to, event) values
${tuples(rows)};
${consequencesSql(machine)}`
}

/** A transition is told by its two states: consequences that hang on the actor ask for it themselves. */
function consequencesSql({ name, column, transitions, consequences = {} }: Machine): string {
  const calls = Object.keys(consequences).map((consequence) => {
    const steps = transitions.filter((transition) => transition.consequences?.includes(consequence))
    const states = [...new Set(steps.map(({ to }) => to))]
    const conditions = states.map((to) => {
      const from = steps.filter((step) => step.to === to).flatMap((step) => step.from)
      const known = [...new Set(from.filter((state) => state !== null))]
      const was = [
        ...(from.includes(null) ? ['was is null'] : []),
        ...(known.length > 0 ? [`was in (${known.map(quote).join(', ')})`] : []),
      ]
      return `new.${column} = ${quote(to)} and ${was.length > 1 ? `(${was.join(' or ')})` : was[0]}`
    })
    const condition =
      conditions.length > 1 ? conditions.map((text) => `(${text})`).join(' or ') : conditions[0]
    return `  if ${condition} then
    perform khidma.${consequence}(new);
  end if;`
  })
  if (calls.length === 0) return ''
  return `
create or replace function khidma.${name}_consequences() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'UPDATE' then old.${column}::text end;
begin
${calls.join('\n')}
  return null;
end $$;
`
}

/** One function for all machines, since the generic triggers know their machine by its name. */
export function peopleSql(machines: readonly Machine[]): string {
  const branches = machines.map(({ name, people }) => {
    const selects = Object.entries(people).map(([party, person]) => personSql(party, person))
    return `    when ${quote(name)} then\n      return query ${selects.join('\n        union all ')};`
  })
  return `-- Generated from the machine.ts tables by \`npm run machines\`: the people of an object, from its row as JSON, in the order of their
-- machine. \`event_key\` names them in the data of events; null: they hear none.
create or replace function khidma.people_of(machine text, obj jsonb) returns table (party text, event_key text, user_id uuid)
language plpgsql stable as $$
begin
  case machine
${branches.join('\n')}
  end case;
end $$;
`
}

function personSql(party: string, { column, in: other, eventKey = `${party}Id` }: Person): string {
  const row = `select ${quote(party)}, ${eventKey === null ? 'null' : quote(eventKey)}`
  if (!other) return `${row}, (obj ->> ${quote(column)})::uuid`
  const where = `o.${other.key} = (obj ->> ${quote(other.equals)})::uuid${other.where ? ` and o.${other.where}` : ''}`
  return `${row}, o.${column} from ${other.table} o where ${where}`
}
