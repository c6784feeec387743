import type pg from 'pg'
import type { UserRole } from '../../src/core/context.ts'
import { newId } from '../../src/core/ids.ts'
import { signAccessToken, type TokenSubject } from '../../src/core/tokens.ts'
import type { WorkerSecrets } from './runtime.ts'

export interface Person {
  userId: string
  sessionId: string
  role: UserRole
}

let phones = 0

/** Users with a session each, and nothing else. */
export async function insertPeople(owner: pg.Client, role: UserRole, count: number): Promise<Person[]> {
  const people = Array.from({ length: count }, () => {
    phones += 1
    return { userId: newId(), sessionId: newId(), role, phone: `+2015${String(phones).padStart(8, '0')}` }
  })
  await owner.query(
    `insert into users (id, role, phone, full_name, locale)
     select p."userId", p.role::user_role, p.phone, 'Bench ' || p.role, 'en'
       from jsonb_to_recordset($1) as p ("userId" uuid, role text, phone text)`,
    [JSON.stringify(people)],
  )
  await owner.query(
    `insert into sessions (id, user_id)
     select p."sessionId", p."userId" from jsonb_to_recordset($1) as p ("userId" uuid, "sessionId" uuid)`,
    [JSON.stringify(people)],
  )
  return people
}

/** Good for 15 minutes, as any other. */
export async function tokenOf(person: TokenSubject, secrets: WorkerSecrets): Promise<string> {
  const { accessToken } = await signAccessToken(
    {
      signingKeys: secrets.SIGNING_KEYS,
      apiOrigin: secrets.API_ORIGIN,
      pepper: secrets.PEPPER,
      encryptionKeys: secrets.ENCRYPTION_KEYS,
    },
    person,
    new Date(),
  )
  return accessToken
}
