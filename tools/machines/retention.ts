import { readFileSync } from 'node:fs'
import { retentionPolicies } from '../../src/areas/people/privacy/retention/retention.ts'
import { quote } from './values.ts'

export function retentionSql(): string {
  const cases = retentionPolicies.map(
    ({ name, period }) => `    when ${quote(name)} then interval ${quote(period)}`,
  )
  return `-- Generated from the retention policies of the areas by \`npm run machines\`.

-- How long data is kept, by the name of its policy; an unknown name is an error.
create or replace function khidma.retention_period(p_policy text) returns interval language sql stable parallel safe as $$
  select case p_policy
${cases.join('\n')}
    else ('no policy ' || p_policy)::interval
  end
$$;
`
}

/** Between its markers in `docs/operations.md`. */
export function retentionTable(): string {
  const rows = retentionPolicies.map(
    ({ data, tables, period, since, action, job, underLegalHold, note }) =>
      `| ${data} (${tables.map((table) => `\`${table}\``).join(', ')}) | ${action} ${timeInWords(period, since)} | \`${job}\` | ${underLegalHold}${note ? `. ${note}` : ''} |`,
  )
  const table = ['| data | when | job | under a legal hold |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  )
  return readFileSync('docs/operations.md', 'utf8').replace(
    /(<!-- retention: .*? -->\n\n).*?(\n\n<!-- end of retention -->)/s,
    (_match, start: string, end: string) => `${start}${table}${end}`,
  )
}

const units = { Y: 'year', D: 'day', H: 'hour', M: 'minute' }

/** `P90D` as `90 days`; of a period in months or of several units there is none. */
function periodInWords(period: string): string {
  const [, count, unit] = /^P(?:T(?=\d+[HM]))?(\d+)([YDHM])$/.exec(period) ?? []
  if (!count || !unit) throw new Error(`The period ${period} has no words`)
  return `${count} ${units[unit as keyof typeof units]}${count === '1' ? '' : 's'}`
}

const timeInWords = (period: string, since: string): string =>
  period === 'PT0S' ? `at ${since}` : `${periodInWords(period)} after ${since}`
