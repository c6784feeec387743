import type pg from 'pg'
import { planName } from '../../src/db/plans.ts'

export interface PlanFunction {
  name: string
  /** `create function …` */
  text: string
}

/** One function for each different set of statements that goes in one round trip, in the order of their names. */
export async function planFunctions(
  connection: pg.Client,
  recorded: readonly string[][],
): Promise<PlanFunction[]> {
  const sets = new Map<string, readonly string[]>()
  for (const texts of recorded) {
    const name = planName(texts)
    const known = sets.get(name)
    if (known && known.join('\n') !== texts.join('\n'))
      throw new Error(`Two sets of statements have the hash ${name}.`)
    sets.set(name, texts)
  }
  const functions: PlanFunction[] = []
  for (const [name, texts] of [...sets].sort(([a], [b]) => (a < b ? -1 : 1)))
    functions.push({ name, text: await functionText(connection, name, texts) })
  return functions
}

/** The answer is the row of the last statement: `rows` of a read, `rows` and `events` of a transaction. */
async function functionText(connection: pg.Client, name: string, texts: readonly string[]): Promise<string> {
  const types: string[] = []
  const bodies: string[] = []
  for (const text of texts) {
    const parameters = await parameterTypes(connection, text)
    bodies.push(text.replace(/\$(\d+)/g, (_, place) => `$${Number(place) + types.length}`))
    types.push(...parameters)
  }
  const [answer = '', ...effects] = bodies.reverse()
  const isRead = effects.length === 0
  const lines = effects.reverse().map(asEffect)
  const result = isRead ? answer : `select row_to_json(f) from (${answer}) f`
  return `create or replace function khidma.plan_${name}(${types.join(', ')}) returns json language plpgsql as $plan$
${lines.some((line) => line.startsWith('for ignored')) ? 'declare\n  ignored record;\n' : ''}begin
${lines.map((line) => `  ${line};\n`).join('')}  return (${result});
end $plan$;
`
}

async function parameterTypes(connection: pg.Client, text: string): Promise<string[]> {
  await connection.query(`prepare khidma_plan as ${text}`)
  const { rows } = await connection.query<{ types: string[] }>(
    `select parameter_types::text[] as types from pg_prepared_statements where name = 'khidma_plan'`,
  )
  await connection.query('deallocate khidma_plan')
  return rows[0]?.types ?? []
}

/** A statement whose rows nobody needs, in PL/pgSQL. */
function asEffect(text: string): string {
  const outer = withoutParentheses(text.trim())
  const verb = /\b(?:select|insert|update|delete)\b/i.exec(outer)?.[0].toLowerCase()
  if (/^select\b/i.test(outer)) return `perform ${text.trim().replace(/^select\b\s*/i, '')}`
  const hasRows = verb === 'select' || /\breturning\b/i.test(outer)
  return hasRows ? `for ignored in ${text.trim()} loop end loop` : text.trim()
}

function withoutParentheses(text: string): string {
  let depth = 0
  let outer = ''
  for (const character of text) {
    if (character === '(') depth += 1
    if (depth === 0) outer += character
    if (character === ')') depth -= 1
  }
  return outer
}
