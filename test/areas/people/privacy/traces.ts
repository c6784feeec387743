import { runInDurableObject } from 'cloudflare:test'
import { sql } from 'drizzle-orm'
import { randomDigits } from '../../../../src/core/crypto.ts'
import { consumeErasure } from '../../../../src/queues/erasure.ts'
import { api, type Caller, database, env } from '../../../support/api.ts'
import { aNationalNumber } from '../../../support/profiles.ts'
import { ok } from '../../../support/story.ts'
import { countOfTraces, type TextColumns, textColumns } from '../../../support/traces-query.ts'
import { codeOf } from '../identity/sign-in-methods.ts'

/** Somebody who has left something everywhere, and the search for what is left of them. */

export interface Someone {
  caller: Caller
  /** Each is nobody else's. */
  name: string
  arabicName: string
  email: string
  username: string
  street: string
  nationalNumber: string
  /** Every text by which they could be found again. */
  traces: string[]
}

const letters = (count: number) =>
  Array.from(randomDigits(count), (digit) => 'bdfgklmnpr'[Number(digit)]).join('')

/** Gives a caller names, and addresses at which they are reached. */
export async function someone(caller: Caller): Promise<Someone> {
  const [family, place] = [letters(9), letters(9)]
  const person = {
    caller,
    name: `Zubaida ${family[0]?.toUpperCase()}${family.slice(1)}`,
    arabicName: `زبيدة ${randomDigits(6)}`,
    email: `${family}@mail.example`,
    username: `u.${family}`,
    street: `${place} Street`,
    nationalNumber: aNationalNumber(),
  }
  await ok(api('/v1/me', { as: caller, method: 'PATCH', body: { fullName: person.name } }))
  await ok(api('/v1/me/username', { as: caller, method: 'PUT', body: { username: person.username } }))
  await takeAddress(person)
  const traces = [
    person.name,
    family,
    person.arabicName,
    place,
    person.nationalNumber,
    caller.phone.slice(1),
    caller.phone.slice(3),
  ]
  return { ...person, traces }
}

async function takeAddress({ caller, email }: Pick<Someone, 'caller' | 'email'>): Promise<void> {
  const { body } = await ok(api('/v1/me/email', { as: caller, body: { email } }))
  const { verificationId } = body
  const code = await codeOf(verificationId)
  await ok(api('/v1/me/email/verify', { as: caller, body: { verificationId, code } }))
}

/** The days of grace, or the hour before the second pass, are over. */
export const timePasses = (erasureId: string) =>
  database().write([sql`update erasure_requests set next_at = now() where id = ${erasureId}`])

/** Runs a pass to its end: a long pass pauses and continues with the next message. */
export async function runPass(erasureId: string): Promise<void> {
  for (;;) {
    await timePasses(erasureId)
    await consumeErasure(env, erasureId)
    const [row] = await database().read<{ step: string | null }>(
      sql`select step from erasure_requests where id = ${erasureId}`,
    )
    if (!row?.step) return
  }
}

/** The search covers the rows of all earlier tests, which takes long. */
export const searchTimeout = 300_000

/** Lists the columns that still contain any of the words: `table.column: n`. */
export async function tracesInDatabase(words: string[]): Promise<string[]> {
  const columns = await database().read<TextColumns>(sql`${sql.raw(textColumns)}`)
  const found = await database().read<{ place: string; n: number }>(
    sql`select place, n from (${sql.raw(countOfTraces(columns, words))}) f order by place`,
  )
  return found.map(({ place, n }) => `${place}: ${n}`)
}

/** Where in object storage, in a name or in the bytes. */
export async function tracesInStorage(words: string[]): Promise<string[]> {
  const found: string[] = []
  let cursor: string | undefined
  do {
    const page = await env.MEDIA.list(cursor ? { cursor } : {})
    for (const { key } of page.objects) {
      const stored = await env.MEDIA.get(key)
      const content = Buffer.from((await stored?.arrayBuffer()) ?? new ArrayBuffer(0)).toString('utf8')
      if (mentions(`${key}\n${content}`, words)) found.push(key)
    }
    cursor = page.truncated ? page.cursor : undefined
  } while (cursor)
  return found
}

export const mentions = (content: string, words: string[]): boolean => {
  const lower = content.toLowerCase()
  return words.some((word) => lower.includes(word.toLowerCase()))
}

/** Everything that an object keeps, as text. */
export async function storageOf(stub: DurableObjectStub<undefined>): Promise<string> {
  return runInDurableObject(stub, async (_object, { storage }) => {
    const tables = storage.sql
      .exec<{ name: string }>(
        "select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\'",
      )
      .toArray()
    const rows = tables.map(({ name }) => storage.sql.exec(`select * from "${name}"`).toArray())
    return JSON.stringify([rows, [...(await storage.list())]])
  })
}
