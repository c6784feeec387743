import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type History, type Machine, type Person, transitionRows } from '../../src/core/machine.ts'
import { DATABASE_FOLDER } from '../database/files.ts'
import { columnsOf, typeOf } from './tables.ts'
import { quote, tuples } from './values.ts'

/** `work/bookings`: the place of the trigger lines of the machine's table. */
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
${triggersSql(machine)}${consequencesSql(machine)}`
}

/** A transition is identified by its two states: consequences that depend on the actor check it themselves. */
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

/** Refusal and record of a transition, from the columns of the machine's own table. */
function triggersSql(machine: Machine): string {
  const { name, column, table } = machine
  const guard = `
-- Returns the party that the transaction's actor is to the object; null for strangers and for transactions without an actor.
create or replace function khidma.party_in_${name}(p_${name} ${table}) returns text language plpgsql stable as $$
declare
  role text := khidma.actor_role();
  me uuid := khidma.actor_id();
begin
  if role in ('system', 'provider') then
    return role;
  elsif role in ('ops', 'admin') then
    return 'ops';
${Object.entries(machine.people)
  .map(([party, person]) => `  elsif ${isPersonSql(person, `p_${name}`)} then\n    return ${quote(party)};`)
  .join('\n')}
  end if;
  return null;
end $$;

-- Refuses transitions that the machine does not allow. Fires also when the value stays the same: confirming what is confirmed is a
-- conflict, not a success.
create or replace function khidma.guard_${name}_state() returns trigger language plpgsql as $$
begin
  perform khidma.transition_of(${quote(name)}, ${wasSql(column)}, new.${column}::text, khidma.party_in_${name}(new));
  return new;
end $$;
`
  return isRecordedHere(machine) ? guard + recordSql(machine) : guard
}

const wasSql = (column: string) => `case when tg_op = 'UPDATE' then old.${column}::text end`

function isPersonSql({ column, in: other, orWhere }: Person, row: string): string {
  if (!other && orWhere) return `${row}.${column} = me or ${orWhere}(${row}.${column})`
  if (!other) return `${row}.${column} = me`
  if (other.newest) return `me = ${otherSql(column, other, row)}`
  const rest = other.where ? ` and o.${other.where}` : ''
  return `exists (select from ${other.table} o where o.${other.key} = ${row}.${other.equals} and o.${column} = me${rest})`
}

/** Some tables tell of their changes with data of their own. */
const isRecordedHere = (machine: Machine): boolean =>
  triggersIn(`${areaOf(machine)}/triggers.sql`).includes(`khidma.record_${machine.name}_transition()`)

function recordSql(machine: Machine): string {
  const { name, column, transitions } = machine
  if (transitions.some(({ event }) => event === undefined))
    throw new Error(`A transition of ${name} has no event, but its table records them.`)
  const columns = columnsOf(machine.table)
  const id = columns.has('id') ? 'new.id' : 'new.user_id'
  const heard = Object.entries(machine.people).filter(([, { eventKey }]) => eventKey !== null)
  const drives = transitions.some(({ drivesTask }) => drivesTask !== undefined)
  const ownIds = { task: 'taskId', booking: 'bookingId' }[name]
  const data = {
    from: 'was',
    to: `new.${column}`,
    action: 'made.name',
    party: 'made.party',
    ...(columns.has('task_id') && { taskId: 'new.task_id' }),
    ...(columns.has('booking_id') && { bookingId: 'new.booking_id' }),
    ...(ownIds && { [ownIds]: id }),
    ...machine.eventData,
    ...Object.fromEntries(heard.map(([party, { eventKey }]) => [eventKey ?? `${party}Id`, `the_${party}`])),
  }
  const pairs = Object.entries(data).map(([key, value]) => `${quote(key)}, ${value}`)
  return `
-- Writes the event of a transition${machine.history ? ' and its history' : ''}${drives ? ', and moves the task along' : ''}. Other consequences are below.
create or replace function khidma.record_${name}_transition() returns trigger language plpgsql as $$
declare
  was text := ${wasSql(column)};
  made state_transitions := khidma.transition_of(${quote(name)}, was, new.${column}::text, khidma.party_in_${name}(new));
${heard.map(([party, person]) => `  the_${party} uuid := ${personSql(person)};`).join('\n')}
begin
${machine.history ? historySql(machine, machine.history, id) : ''}  perform khidma.emit(
    made.event, ${quote(name)}, ${id}, ${columns.has('version') ? 'new.version' : '1'},
    jsonb_strip_nulls(jsonb_build_object(
      ${pairs.join(',\n      ')})),
    array[${heard.map(([party]) => `the_${party}`).join(', ')}]${heard.length === 0 ? '::uuid[]' : ''}${machine.alsoHeardBy ? ` || ${machine.alsoHeardBy}` : ''});
${drives ? drivesSql(columns) : ''}  return null;
end $$;
`
}

function personSql({ column, in: other }: Person): string {
  return other ? otherSql(column, other, 'new') : `new.${column}`
}

function otherSql(column: string, other: NonNullable<Person['in']>, row: string): string {
  const rest = `${other.where ? ` and o.${other.where}` : ''}${other.newest ? ' order by o.id desc limit 1' : ''}`
  return `(select o.${column} from ${other.table} o where o.${other.key} = ${row}.${other.equals}${rest})`
}

function historySql(
  { column }: Machine,
  { table, object, from, to, reason, notes = {} }: History,
  id: string,
): string {
  const given = "nullif(current_setting('khidma.reason', true), '')"
  const noted = Object.entries(notes).map(([key, value]) => `, '${key}', ${value}`)
  const meta = `'action', made.name, 'party', made.party${noted.join('')}`
  const type = typeOf(table, to)
  return `  insert into ${table} (id, ${object}, ${from}, ${to}, actor_user_id, ${reason ? `${reason}, ` : ''}meta)
  values (khidma.uuid_v7(), ${id}, was::${type}, new.${column}, khidma.actor_id(),
          ${reason ? `${given}, jsonb_build_object(${meta})` : `jsonb_strip_nulls(jsonb_build_object(${meta}, 'reason', ${given}))`});
`
}

function drivesSql(columns: ReadonlySet<string>): string {
  const task = columns.has('task_id')
    ? 'new.task_id'
    : '(select b.task_id from bookings b where b.id = new.booking_id)'
  return `  if made.drives_to is not null then
    perform khidma.move_task(${task}, made.drives_to);
  end if;
`
}
