import { sql } from 'drizzle-orm'
import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { aPhone, otherThan, refresh, requestCode, signIn, verify } from '../areas/people/identity/sign-in.ts'
import { api, database } from '../support/api.ts'

const together = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)))

const tally = (answers: { status: number; body: { code?: string } }[]) => {
  const counts: Record<string, number> = {}
  for (const { status, body } of answers) {
    const outcome = `${status} ${body.code ?? 'ok'}`
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  return counts
}

describe('a code sent to a phone', () => {
  it('allows five checks in total, from any number of networks', async () => {
    const phone = aPhone()
    const { code } = await requestCode(phone)
    const wrong = Array.from({ length: 60 }, (_, n) =>
      String((Number(code) + 1 + n) % 1_000_000).padStart(6, '0'),
    )
    const counts = tally(await together(60, (n) => verify(phone, wrong[n] as string)))
    // Every attempt that took a guess at the code used up one check.
    const checks = await database().read<{ attempts: number }>(
      sql`select max(attempts)::int as attempts from otp_requests where phone = ${phone}`,
    )
    expect(checks[0]?.attempts).toBe(5)
    expect(counts['200 ok']).toBeUndefined()
    expect(counts['422 otp_invalid'] ?? 0).toBeLessThanOrEqual(5)
    expect(Object.values(counts).reduce((sum, n) => sum + n)).toBe(60)
    expect((await verify(phone, code)).status, 'the right code, too late').not.toBe(200)
  })

  it('is not found by trying one code on many numbers', async () => {
    const phones = Array.from({ length: 20 }, aPhone)
    const codes = await Promise.all(phones.map((phone) => requestCode(phone)))
    const answers = await together(20, (n) => verify(phones[n] as string, otherThan(codes[n]?.code ?? '')))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([422]))
  })

  it('signs in one of many concurrent calls', async () => {
    const phone = aPhone()
    const { code } = await requestCode(phone)
    const answers = await together(12, () => verify(phone, code))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })
})

describe('a stolen refresh token', () => {
  it('works for one holder, then ends the session', async () => {
    const owner = await signIn()
    const answers = await together(10, () => refresh(owner.refreshToken))
    const won = answers.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(9)

    // With the second use the family has ended, for the winner too.
    const winner = won[0]?.body as { refreshToken: string; accessToken: string }
    expect((await refresh(winner.refreshToken)).status).toBe(401)
    const sessions = await database().read<{ reason: string; live: number }>(sql`
      select s.revoked_reason as reason, (select count(*) from refresh_tokens t where t.session_id = s.id and t.used_at is null) as live
        from sessions s where s.id = ${String(decodeJwt(winner.accessToken).sid)}`)
    expect(sessions[0]?.reason).toBe('refresh_token_reused')
    const [event] = await database().read(sql`
      select o.data ->> 'reason' as reason from outbox o join outbox_recipients r on r.event_id = o.id
       where r.user_id = ${owner.user.id} and o.type = 'session.revoked'`)
    expect(event, 'the owner is notified').toEqual({ reason: 'refresh_token_reused' })
  })

  it('is refused when forged, truncated or combined', async () => {
    const [one, two] = [await signIn(), await signIn()]
    const [id = '', secret = ''] = one.refreshToken.split('.')
    const [otherId = '', otherSecret = ''] = two.refreshToken.split('.')
    for (const token of [
      `${id}.${otherSecret}`,
      `${otherId}.${secret}`,
      `${newId()}.${secret}`,
      `${id}.${secret.slice(0, -1)}`,
      `${id}.${secret}x`,
      `${id}.`,
      `${id}`,
      `${id}.${'A'.repeat(secret.length)}`,
      `${id}' or '1'='1.${secret}`,
      'A'.repeat(500),
    ]) {
      const { status } = await refresh(token)
      expect([400, 401], `${token} answered ${status}`).toContain(status)
    }
    expect((await refresh(one.refreshToken)).status, 'the guesses have cost the owner nothing').toBe(200)
  })

  it('is not accepted as an access token, nor the reverse', async () => {
    const person = await signIn()
    const headers = { authorization: `Bearer ${person.refreshToken}` }
    expect((await api('/v1/me', { headers })).status).toBe(401)
    expect([400, 401]).toContain((await refresh(person.accessToken)).status)
  })
})
