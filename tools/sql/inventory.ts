import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DATABASE_FOLDER, readOrder } from '../database/files.ts'

/** A function of `drizzle/sql`, as its file has it. */
export interface SqlFunction {
  /** `khidma.begin_request` */
  name: string
  file: string
  line: number
  /** Whole, without the explanation above it. */
  text: string
  explanation: string
  /** Tables that its body writes, each once. */
  writes: string[]
}

export interface SqlTrigger {
  name: string
  table: string
  /** `khidma.touch` */
  calls: string
  file: string
  line: number
}

export interface SqlView {
  name: string
  file: string
}

export interface SqlInventory {
  functions: SqlFunction[]
  triggers: SqlTrigger[]
  views: SqlView[]
}

const functionPattern =
  /((?:^--.*\n)*)^create or replace function (khidma\.\w+)\([\s\S]*?\bas (\$\w*\$)[\s\S]*?\3[^;]*;/gm
const triggerPattern =
  /^create (?:or replace |constraint )trigger (\w+) (?:before|after) .*? on (\w+) .*execute function (khidma\.\w+)\(/gm
const viewPattern = /^create or replace view (\w+)/gm
const writePattern = /\b(?:insert into|update(?: only)?|delete from)\s+(?:public\.)?([a-z_]+)\b/g

/** Reads every file that `drizzle/sql/order` names. */
export function readSqlInventory(folder = DATABASE_FOLDER): SqlInventory {
  const inventory: SqlInventory = { functions: [], triggers: [], views: [] }
  for (const file of readOrder(folder)) {
    const text = readFileSync(join(folder, 'sql', file), 'utf8')
    const lineAt = lineCounter(text)
    for (const match of text.matchAll(functionPattern)) {
      const [whole, explanation = '', name = ''] = match
      const start = match.index + explanation.length
      const body = whole.slice(explanation.length)
      inventory.functions.push({
        name,
        file,
        line: lineAt(start),
        text: body,
        explanation,
        writes: writesIn(body),
      })
    }
    const lineOfTrigger = lineCounter(text)
    for (const match of text.matchAll(triggerPattern)) {
      const [, name = '', table = '', calls = ''] = match
      inventory.triggers.push({ name, table, calls, file, line: lineOfTrigger(match.index) })
    }
    for (const [, name = ''] of text.matchAll(viewPattern)) inventory.views.push({ name, file })
  }
  return inventory
}

/** Returns the line of a place in `text`, asked from the first place to the last. */
function lineCounter(text: string): (index: number) => number {
  let [line, counted] = [1, 0]
  return (index) => {
    line += text.slice(counted, index).split('\n').length - 1
    counted = index
    return line
  }
}

/** Tables that a SQL text writes. `update of`, `for update` and `do update set` name no table. */
export function writesIn(text: string): string[] {
  const code = text.replace(/--.*$/gm, '').toLowerCase()
  const found = [...code.matchAll(writePattern)]
    .filter(
      ({ index }) =>
        !/\b(?:for|no key|before|after|or|do)\s+$/.test(code.slice(Math.max(0, index - 40), index)),
    )
    .map(([, table = '']) => table)
    .filter((table) => !['set', 'of', 'on', 'skip', 'nowait'].includes(table))
  return [...new Set(found)].sort()
}
