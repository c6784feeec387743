import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { homeDirectory } from '../stack/home.ts'
import type { Client } from './client.ts'
import { Failure } from './failure.ts'
import { freshIp, type Person, signIn, stepUp } from './people.ts'

/** Sessions that one run leaves for the next, by origin and role: one number gets few codes an hour, so they are kept as by an app. */
type Kept = Record<string, { accessToken: string; refreshToken: string; expiresAt: number }>

const [opsPhone, adminPhone] = ['+201000000002', '+201000000001']

/** Ops; and should too many runs have asked for its codes, the admin, who may do all that ops may. */
const staff = {
  ops: { name: 'Omar', phones: [opsPhone, adminPhone] },
  admin: { name: 'Laila', phones: [adminPhone] },
}
type StaffRole = keyof typeof staff

const accessTokenMs = 15 * 60_000
/** Longer than a run takes. */
const enoughMs = 3 * 60_000

export async function staffPerson(
  api: Client,
  role: StaffRole,
  { keepsSession }: { keepsSession: boolean },
): Promise<Person> {
  if (!keepsSession) return signInAsStaff(api, role)
  const [path, key] = [join(homeDirectory(), 'demo.json'), `${api.origin} ${role}`]
  const kept = readKept(path)[key]
  const person = (kept && (await resumed(api, role, kept))) ?? (await signInAsStaff(api, role))
  keep(path, key, person)
  return person
}

/** Goes on with a kept session. Its second factor was shown in an earlier run, and much of the story asks for a fresh one. */
async function resumed(
  api: Client,
  role: StaffRole,
  { expiresAt, ...tokens }: Kept[string],
): Promise<Person | undefined> {
  const known = expiresAt > Date.now() + enoughMs ? await whoIs(api, role, tokens) : undefined
  const person = known ?? (await refreshed(api, role, tokens.refreshToken))
  if (person) await stepUp(api, person)
  return person
}

async function signInAsStaff(api: Client, role: StaffRole): Promise<Person> {
  const { name, phones } = staff[role]
  for (const phone of phones) {
    try {
      return await signIn(api, phone, name)
    } catch (error) {
      const isLimited = error instanceof Failure && error.evidence.came.startsWith('429')
      if (!isLimited || phone === phones.at(-1)) throw error
    }
  }
  throw new Error('There are no staff.')
}

async function refreshed(api: Client, role: StaffRole, refreshToken: string): Promise<Person | undefined> {
  type Tokens = { accessToken: string; refreshToken: string }
  const answer = await api.ask<Tokens>('/v1/auth/refresh', { json: { refreshToken } })
  return answer.status === 200 ? whoIs(api, role, answer.body) : undefined
}

/** Undefined where the address now leads to another database. */
async function whoIs(
  api: Client,
  role: StaffRole,
  { accessToken, refreshToken }: { accessToken: string; refreshToken: string },
): Promise<Person | undefined> {
  const as = { accessToken, refreshToken, ip: freshIp() }
  const { status, body } = await api.ask<{ id: string; phone: string }>('/v1/me', { as })
  return status === 200 ? { id: body.id, phone: body.phone, name: staff[role].name, ...as } : undefined
}

function readKept(path: string): Kept {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Kept
  } catch {
    return {}
  }
}

/** Put in place whole: another run may be reading. */
function keep(path: string, key: string, { accessToken, refreshToken }: Person): void {
  const expiresAt = Date.now() + accessTokenMs
  const all: Kept = { ...readKept(path), [key]: { accessToken, refreshToken, expiresAt } }
  const draft = `${path}.${process.pid}`
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(draft, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 })
  renameSync(draft, path)
}
