import { idOf } from '../example-ids.ts'
import { isObject, type JsonObject, type Part } from './parts.ts'

/** The people of the examples, by the kind of field that names them. */
const people: Record<string, { name: string; bio?: string }> = {
  client: { name: 'Mona Abdel Hamid', bio: 'I restore old houses in Zamalek.' },
  tasker: { name: 'Hassan Refaat', bio: 'Plumber since 2008. I bring my own tools.' },
  assignedBy: { name: 'Nour Hassan' },
}

/** Seats both sides in a conversation. */
export function seatBoth({ value, name }: Part): void {
  const [one] = Array.isArray(value.participants) ? value.participants : []
  if (name !== 'Conversation' || !isObject(one)) return
  value.participants = ['client', 'tasker'].map((side) => ({
    ...one,
    userId: idOf(side),
    avatarUrl: `/v1/avatars/${idOf(`${side}avatar`)}`,
    ...people[side],
  }))
}

/** Reviews show the given name alone. */
const givenNames: Record<string, string> = { reviewerName: 'Mona' }

/** Gives a person the name that goes with the id, beside it (`taskerName`) or in an object of their own. */
export function namePeople({ value }: Part, kind: string): void {
  const person = people[kind]
  if (person && 'name' in value && ('id' in value || 'avatarUrl' in value))
    Object.assign(value, only(value, person))
  for (const key of Object.keys(value)) {
    const named = people[/^(\w+)Name$/.exec(key)?.[1] ?? '']
    const name = givenNames[key] ?? named?.name
    if (name && typeof value[key] === 'string') value[key] = name
  }
}

const only = (value: JsonObject, person: { name: string; bio?: string }): JsonObject =>
  Object.fromEntries(Object.entries(person).filter(([key]) => value[key] !== null && key in value))
