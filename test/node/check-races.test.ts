import fc from 'fast-check'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { applyAnswer, receiveAnswer, runChecks } from '../../src/areas/supply/verification/checks.ts'
import { approveVerification, rejectVerification } from '../../src/areas/supply/verification/reviews.ts'
import type { SealedFile } from '../../src/areas/supply/verification/sealing.ts'
import {
  type Paper,
  resubmitRequest,
  submitRequest,
} from '../../src/areas/supply/verification/verifications.ts'
import { seal, sha256Hex } from '../../src/core/crypto.ts'
import { sealedFilePurpose } from '../../src/core/encryption.ts'
import { newId } from '../../src/core/ids.ts'
import { newDataKey, sealBytes } from '../../src/core/sealed-bytes.ts'
import { checkProvider } from '../../src/providers/checks.ts'
import { type ChecksSimulator, startChecksSimulator } from '../../tools/simulators/checks.ts'
import { asOwner, openWorld, type Person } from '../support/integrity-world.ts'
import { type NodeContexts, openContexts } from '../support/node-context.ts'
import { aPhone } from '../support/numbers.ts'
import { outcomeOf, times } from '../support/races.ts'
import { describeReal } from '../support/real-postgres.ts'
import { contextSecrets } from '../support/secrets.ts'

const width = 10

describeReal('automated checks of papers', () => {
  let world: Awaited<ReturnType<typeof openWorld>>
  let contexts: NodeContexts
  let simulator: ChecksSimulator
  const stored = new Map<string, Uint8Array>()
  const bucket = {
    get: async (key: string) => {
      const bytes = stored.get(key)
      return bytes ? { body: new Blob([new Uint8Array(bytes)]).stream(), size: bytes.length } : null
    },
  } as unknown as R2Bucket

  beforeAll(async () => {
    world = await openWorld()
    contexts = await openContexts(world.ownerUrl, width)
    simulator = await startChecksSimulator()
  })
  afterAll(async () => {
    await simulator.close()
    await contexts.close()
    await world.close()
  })

  const query = async <Row extends pg.QueryResultRow>(text: string, params: unknown[] = []): Promise<Row[]> =>
    (await world.connection.query<Row>(text, params)).rows
  const as = (person: Person) => contexts.contextOf(person)
  const system = () => contexts.systemContext('checks')
  const env = () => ({ MEDIA: bucket, ...simulator.bindings })

  async function configured(key: string, value: unknown): Promise<void> {
    await asOwner(world.connection, async () => {
      await query('delete from config_entries where key = $1', [key])
      await query(
        `insert into config_entries (id, key, value, valid_during, reason)
         values ($1, $2, $3, tstzrange(now() - interval '1 hour', null), 'A test')`,
        [newId(), key, JSON.stringify(value)],
      )
    })
  }

  const checks = { types: ['identity', 'document'], hours: 24, onFail: 'person' }
  const automatic = { verification: 'new', role_profile_version: 'never', company: 'never' }
  beforeEach(async () => {
    await configured('verification.checks', checks)
    await configured('approval.automatic', automatic)
  })

  async function aPerson(role: 'client' | 'ops' = 'client'): Promise<Person & { id: string }> {
    const id = newId()
    await query('insert into users (id, phone, role) values ($1, $2, $3)', [id, aPhone(), role])
    return { id, role }
  }

  async function aSealedFile(person: { id: string }): Promise<SealedFile> {
    const [mediaId, key, dataKey] = [newId(), `sealed/${newId()}`, newDataKey()]
    const bytes = new TextEncoder().encode(`papers ${mediaId}`)
    await query(
      `insert into media_files (id, user_id, kind, mime_type, storage_key, storage_url, uploaded_at, content_hash)
       values ($1::uuid, $2, 'image', 'image/png', $3, 'r2://x', now(), $4)`,
      [mediaId, person.id, `media/${person.id}/${mediaId}`, sha256Hex(bytes)],
    )
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const [sealed] = await Promise.all([
      new Response(readable).arrayBuffer(),
      sealBytes(dataKey, new Blob([bytes]).stream(), writable),
    ])
    stored.set(key, new Uint8Array(sealed))
    const text = Buffer.from(dataKey).toString('base64')
    const wrapped = await seal(contextSecrets.encryptionKeys, sealedFilePurpose(mediaId), text)
    return { mediaId, plainKey: `media/${person.id}/${mediaId}`, key, dataKey: wrapped }
  }

  let lastNumber = Date.now() % 10_000_000
  const aNumber = () => {
    lastNumber = (lastNumber + 1) % 10_000_000
    return `2900423${String(lastNumber).padStart(7, '0')}`
  }

  async function submitted({
    number = aNumber(),
  } = {}): Promise<{ id: string; person: Person & { id: string } }> {
    const person = await aPerson()
    const file = await aSealedFile(person)
    const { id } = await submitRequest(
      as(person),
      {
        type: 'identity',
        documentType: 'national_id',
        country: 'EG',
        number,
        documents: [{ type: 'front', mediaId: file.mediaId }] as Paper[],
      },
      [file],
    )
    return { id, person }
  }

  const checksOf = (requestId: string) =>
    query<{ id: string; status: string; inputs: { documentId: string; sha256: string }[] }>(
      'select id, status, inputs from verification_checks where request_id = $1 order by id',
      [requestId],
    )
  const openCheckOf = async (requestId: string): Promise<string> =>
    (await checksOf(requestId)).at(-1)?.id ?? ''
  const stateOf = async (requestId: string) => {
    const [row] = await query<{ status: string; cases: number }>(
      `select r.status, (select count(*)::int from cases c where c.subject_id = r.id and c.status <> 'closed') as cases
         from verification_requests r where r.id = $1`,
      [requestId],
    )
    return row
  }
  const told = (sent: { body: string; headers: Record<string, string> }) =>
    receiveAnswer(
      system(),
      checkProvider(simulator.bindings),
      new TextEncoder().encode(sent.body),
      new Headers(sent.headers),
    )
  const answer = (externalId: string, outcome: 'pass' | 'fail' | 'unclear', eventId: string = newId()) =>
    applyAnswer(system(), { eventId, externalId, outcome, reason: null })

  it('send the papers once, frozen as they were submitted, and approve what passed', async () => {
    const { id } = await submitted()
    expect(await stateOf(id)).toEqual({ status: 'pending', cases: 0 })
    const [check] = await checksOf(id)
    simulator.delivered.length = 0
    simulator.misbehave({ kind: 'cut' })
    await runChecks(system(), env(), 10)
    await query(`update verification_checks set next_at = now() where request_id = $1`, [id])
    await runChecks(system(), env(), 10)
    expect(simulator.papers.get(check?.id ?? '')?.hashes).toEqual([check?.inputs[0]?.sha256])
    expect(simulator.delivered).toHaveLength(1)
    for (const sent of [...simulator.delivered, ...simulator.delivered]) await told(sent)
    expect(await stateOf(id)).toEqual({ status: 'approved', cases: 0 })
    const change = query(`update verification_checks set inputs = '[]' where request_id = $1`, [id])
    await expect(change).rejects.toThrow('never changed')
    const [answers] = await query<{ n: number }>(
      'select count(*)::int as n from verification_check_answers where check_id = $1',
      [check?.id],
    )
    expect(answers?.n).toBe(1)
  })

  it.each([
    ['unclear', 'person', 'pending', 1],
    ['fail', 'person', 'pending', 1],
    ['fail', 'reject', 'rejected', 0],
  ] as const)(
    'that end as %s under the policy %s leave a request %s',
    async (outcome, onFail, status, cases) => {
      await configured('verification.checks', { ...checks, onFail })
      const { id } = await submitted()
      await answer(await openCheckOf(id), outcome)
      expect(await stateOf(id)).toEqual({ status, cases })
    },
  )

  it('that pass go to a person where nobody is approved by the system alone, or four eyes must see them', async () => {
    await configured('approval.automatic', { ...automatic, verification: 'trusted' })
    const first = await submitted()
    expect(await answer(await openCheckOf(first.id), 'pass')).toBe('person')
    await configured('approval.automatic', automatic)
    await configured('verification.four_eyes', true)
    const second = await submitted()
    expect(await answer(await openCheckOf(second.id), 'pass')).toBe('person')
    await configured('verification.four_eyes', false)
    expect(await stateOf(second.id)).toEqual({ status: 'pending', cases: 1 })
  })

  it('go to a person when no answer comes in time, or the papers are refused, and a late answer changes nothing', async () => {
    simulator.find('never')
    const [silent, refused] = [await submitted(), await submitted()]
    await runChecks(system(), env(), 1)
    await query(`update verification_checks set deadline_at = now() where request_id = $1`, [silent.id])
    simulator.misbehave({ kind: 'refuse', status: 422 })
    await runChecks(system(), env(), 10)
    expect(await stateOf(silent.id)).toEqual({ status: 'pending', cases: 1 })
    expect(await stateOf(refused.id)).toEqual({ status: 'pending', cases: 1 })
    expect(await answer(await openCheckOf(silent.id), 'pass')).toBe('late')
    expect(await stateOf(silent.id)).toEqual({ status: 'pending', cases: 1 })
  })

  it('learn by asking what no webhook said', async () => {
    const { id } = await submitted()
    await runChecks(system(), env(), 10)
    await query(`update verification_checks set next_at = now() where request_id = $1`, [id])
    await runChecks(system(), env(), 10)
    expect((await stateOf(id))?.status).toBe('approved')
  })

  it('of an older attempt never decide a newer one', async () => {
    const { id, person } = await submitted()
    const older = await openCheckOf(id)
    await asOwner(world.connection, () =>
      query(`update verification_requests set status = 'needs_document' where id = $1`, [id]),
    )
    await query(`update verification_checks set status = 'superseded' where id = $1 and status = 'waiting'`, [
      older,
    ])
    const file = await aSealedFile(person)
    await resubmitRequest(as(person), id, [{ type: 'back', mediaId: file.mediaId }], [file])
    const newer = await openCheckOf(id)
    expect(newer).not.toBe(older)
    expect((await checksOf(id)).at(-1)?.inputs).toHaveLength(2)
    expect(await answer(older, 'pass')).toBe('late')
    expect(await stateOf(id)).toEqual({ status: 'pending', cases: 0 })
    expect(await answer(newer, 'pass')).toBe('approved')
  })

  it('believe no answer that the provider has not signed, or signed long ago', async () => {
    const { id } = await submitted()
    const sent = simulator.answer(await openCheckOf(id), 'pass')
    const forged = { ...sent, body: sent.body.replace('"pass"', '"fail"') }
    const old = { ...sent, headers: { ...sent.headers, 'webhook-timestamp': '1700000000' } }
    for (const bad of [forged, old, { ...sent, headers: {} }]) {
      expect(await outcomeOf(told(bad))).toBe('check_signature_invalid')
    }
    expect(await outcomeOf(receiveAnswer(system(), null, new Uint8Array(), new Headers()))).toBe(
      'check_signature_invalid',
    )
    expect((await stateOf(id))?.status).toBe('pending')
    await told(sent)
    expect((await stateOf(id))?.status).toBe('approved')
  })

  it('with one number for several accounts verify one, and leave the others to people', async () => {
    const number = aNumber()
    const requests = await times(5, () => submitted({ number }))
    const outcomes = await Promise.all(requests.map(async ({ id }) => answer(await openCheckOf(id), 'pass')))
    expect(outcomes.filter((outcome) => outcome === 'approved').length).toBeLessThanOrEqual(1)
    const rows = await query<{ verified: number }>(
      `select count(*)::int as verified from user_verifications where verification_status = 'verified' and user_id = any ($1)`,
      [requests.map(({ person }) => person.id)],
    )
    expect(rows[0]?.verified).toBeLessThanOrEqual(1)
  })

  it('are decided once by answers and reviewers at once, in any order', async () => {
    const ops = await aPerson('ops')
    await configured('verification.checks', { ...checks, onFail: 'reject' })
    const act = fc.constantFrom('pass', 'fail', 'unclear', 'approve', 'reject')
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 2, maxLength: 5 }), async (acts) => {
        const { id } = await submitted()
        const checkId = await openCheckOf(id)
        await Promise.all(
          acts.map((each) =>
            outcomeOf(
              each === 'approve'
                ? approveVerification(as(ops), id, undefined, null)
                : each === 'reject'
                  ? rejectVerification(as(ops), id, 'No', null)
                  : answer(checkId, each),
            ),
          ),
        )
        const [row] = await query<{
          applied: number
          decided: number
          waiting: number
          status: string
          cases: number
        }>(
          `select (select count(*)::int from verification_check_answers a where a.check_id = $2 and a.was_applied) as applied,
                  (select count(*)::int from verification_logs l where l.request_id = $1 and l.new_status in ('approved', 'rejected') and l.old_status = 'pending') as decided,
                  (select count(*)::int from verification_checks k where k.request_id = $1 and k.status = 'waiting') as waiting,
                  r.status, (select count(*)::int from cases c where c.subject_id = r.id and c.status <> 'closed') as cases
             from verification_requests r where r.id = $1`,
          [id, checkId],
        )
        expect(row?.applied).toBeLessThanOrEqual(1)
        expect(row?.decided).toBeLessThanOrEqual(1)
        expect(row?.waiting).toBe(0)
        expect(row?.cases).toBe(row?.status === 'pending' ? 1 : 0)
      }),
      { numRuns: 25 },
    )
  })
})
