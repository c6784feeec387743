import { eventObjects } from '../../src/core/event-objects.ts'
import type { Policy } from '../../src/http/policy.ts'
import type { Document } from './json.ts'
import { shapeOf } from './lint-events.ts'

export const webhooksPage = 'docs/webhooks.md'

const heading = '## Fetching the object'

/** The page for those who receive webhooks, with where every kind of object is fetched and who may. */
export function withObjectTable(page: string, document: Document): string {
  const start = page.indexOf(`${heading}\n`)
  const end = page.indexOf('\n## ', start + 1)
  if (start < 0 || end < 0)
    throw new Error(`${webhooksPage} needs the chapter "${heading}", and one after it`)
  const gets = Object.entries(document.paths).flatMap(([path, { get }]) =>
    get ? [[path, get] as const] : [],
  )
  const rows = Object.entries(eventObjects).flatMap(([type, paths]) =>
    paths.map((path, i) => {
      const [, get] = gets.find(([known]) => shapeOf(known) === shapeOf(path)) ?? []
      return `| ${i === 0 ? `\`${type}\`` : ''} | \`GET ${path}\` | ${path.startsWith('/v1/me') && !path.includes('{') ? 'yourself' : whoMay(get?.['x-policy'] as Policy)} |`
    }),
  )
  const text = `${heading}

\`object.type\` of the event tells where. \`{object.id}\` and \`{data.…}\` are taken from the event; a path without \`{object.id}\` answers what the
object is in, or a list that has it. Some hear of an object that they may not read, such as a chargeback of their payment: what they may
read of it is what \`data\` names. The same table is \`x-fetch\` of the schema \`EventObjectType\`.

| \`object.type\` | fetched by | who may |
| --- | --- | --- |
${rows.join('\n')}
`
  return page.slice(0, start) + text + page.slice(end)
}

const staff = ['ops', 'admin']

function whoMay(policy: Policy): string {
  if (policy === 'public') return 'everybody'
  const roles = policy.roles.filter((role) => !staff.includes(role))
  if (roles.length === 0) return 'staff'
  if (!policy.relation) return roles.join(', ')
  const people = policy.relation.who.map((name) => name.replaceAll('_', ' '))
  return [...people, ...(roles.length < policy.roles.length ? ['staff'] : [])].join(', ')
}
