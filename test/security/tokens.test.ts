import { decodeJwt, decodeProtectedHeader } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { accessTokenTtlSeconds } from '../../src/core/tokens.ts'
import { api, type Caller, env, send, signedIn } from '../support/api.ts'
import { assembled, forged, ownKey, withToken } from './support.ts'

const nowSeconds = () => Math.floor(Date.now() / 1000)
const answerTo = async (token: string) => {
  const { status, headers, body } = await api('/v1/me', { headers: withToken(token) })
  return {
    status,
    code: body.code,
    challenge: headers.get('www-authenticate'),
    trips: headers.get('server-timing'),
  }
}
const refused = {
  status: 401,
  code: 'unauthenticated',
  challenge: 'Bearer realm="khidma", error="invalid_token"',
  trips: expect.stringContaining('round-trips=0'),
}

/** HMAC-SHA-256 with any bytes as the key: a verifier that takes the algorithm from the token would use the public key. */
async function hs256(header: object, claims: object, secret: Uint8Array | string): Promise<string> {
  const bytes = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret
  const key = await crypto.subtle.importKey(
    'raw',
    bytes as BufferSource,
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  const unsigned = assembled(header, claims).slice(0, -1)
  const signature = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(unsigned))
  return `${unsigned}.${Buffer.from(signature).toString('base64url')}`
}

describe('an access token', () => {
  let caller: Caller
  let claims: Record<string, unknown>
  beforeAll(async () => {
    caller = await signedIn('client')
    claims = decodeJwt(caller.accessToken)
  })

  it('is accepted when genuine, so that the other tests fail for one reason only', async () => {
    expect((await answerTo(await forged(caller))).status).toBe(200)
  })

  it('is refused without a signature', async () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '', null, 0, ['none'], ['EdDSA', 'none']]) {
      expect([alg, await answerTo(assembled({ alg, typ: 'at+jwt', kid: ownKey.kid }, claims))]).toEqual([
        alg,
        refused,
      ])
    }
    const [header, payload] = caller.accessToken.split('.')
    expect(await answerTo(`${header}.${payload}.`)).toEqual(refused)
    expect(await answerTo(`${header}.${payload}`)).toEqual(refused)
  })

  it('is refused with an HMAC by the public key, in any of its forms', async () => {
    const { keys } = (await api('/.well-known/jwks.json')).body
    const secrets = [
      ownKey.x,
      Buffer.from(ownKey.x, 'base64url'),
      JSON.stringify(keys[0]),
      JSON.stringify({ keys }),
      ownKey.kid,
      '',
      env.API_ORIGIN,
    ].filter((secret) => secret.length > 0)
    for (const secret of secrets) {
      for (const alg of ['HS256', 'EdDSA'])
        expect(await answerTo(await hs256({ alg, typ: 'at+jwt', kid: ownKey.kid }, claims, secret))).toEqual(
          refused,
        )
    }
  })

  it('is refused with an embedded or referenced key', async () => {
    const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
    const jwk = (await crypto.subtle.exportKey('jwk', pair.publicKey)) as unknown
    const own = async (header: object) => {
      const unsigned = assembled(header, claims).slice(0, -1)
      const signature = await crypto.subtle.sign(
        'Ed25519',
        pair.privateKey,
        new TextEncoder().encode(unsigned),
      )
      return `${unsigned}.${Buffer.from(signature).toString('base64url')}`
    }
    const base = { alg: 'EdDSA', typ: 'at+jwt' }
    for (const header of [
      { ...base, jwk },
      { ...base, kid: ownKey.kid },
      { ...base, kid: ownKey.kid, jwk },
      { ...base, kid: 'attacker', jku: 'https://attacker.example/jwks.json' },
      { ...base, kid: ownKey.kid, x5u: 'https://attacker.example/cert.pem' },
      { ...base, kid: ownKey.kid, crit: ['exp'] },
      { ...base, kid: ownKey.kid, crit: ['b64'], b64: false },
    ])
      expect([header, await answerTo(await own(header))]).toEqual([header, refused])
  })

  it('is refused with an invalid key id', async () => {
    const kids = [
      '../../../../dev/null',
      '/dev/null',
      'https://attacker.example/key',
      `' or 1=1 --`,
      `${ownKey.kid}' union select 'x`,
      `${ownKey.kid}\0`,
      ` ${ownKey.kid}`,
      ownKey.kid.toUpperCase(),
      '__proto__',
      'constructor',
      'toString',
      '0',
      '',
      'x'.repeat(4_000),
    ]
    for (const kid of kids)
      expect([kid, await answerTo(await forged(caller, {}, { kid }))]).toEqual([kid, refused])
    for (const kid of [null, 0, {}, [], [ownKey.kid]]) {
      const header = { alg: 'EdDSA', typ: 'at+jwt', kid }
      const signature = caller.accessToken.split('.')[2] ?? ''
      expect([kid, await answerTo(assembled(header, claims, signature))]).toEqual([kid, refused])
    }
  })

  it('is refused when expired, early, or with another audience, issuer or type', async () => {
    const minute = 60
    const changes: [Record<string, unknown>, string][] = [
      [{ exp: nowSeconds() - minute }, 'token_expired'],
      [{ exp: undefined }, 'unauthenticated'],
      [{ exp: 'tomorrow' }, 'unauthenticated'],
      [{ nbf: nowSeconds() + 10 * minute }, 'unauthenticated'],
      [{ iat: undefined }, 'unauthenticated'],
      [{ aud: 'other' }, 'unauthenticated'],
      [{ aud: undefined }, 'unauthenticated'],
      [{ aud: [] }, 'unauthenticated'],
      [{ iss: 'https://attacker.example' }, 'unauthenticated'],
      [{ iss: `${env.API_ORIGIN}/` }, 'unauthenticated'],
      [{ iss: undefined }, 'unauthenticated'],
      [{ sub: undefined }, 'unauthenticated'],
      [{ sub: 'root' }, 'unauthenticated'],
      [{ sub: `${caller.userId}' or 1=1 --` }, 'unauthenticated'],
      [{ role: 'superuser' }, 'unauthenticated'],
      [{ role: ['admin'] }, 'unauthenticated'],
      [{ sid: undefined }, 'unauthenticated'],
      [{ perms: 'audit.read' }, 'unauthenticated'],
    ]
    for (const [claim, code] of changes)
      expect([claim, await answerTo(await forged(caller, claim))]).toEqual([claim, { ...refused, code }])
    for (const typ of ['JWT', 'rt+jwt', 'dpop+jwt', undefined] as string[])
      expect([typ, await answerTo(await forged(caller, {}, { typ }))]).toEqual([typ, refused])
  })

  it('is refused when a single character was changed', async () => {
    const parts = caller.accessToken.split('.')
    for (const [index, text] of parts.entries()) {
      // The last character of a part may hold bits that no byte holds: what decodes to the same is the same.
      for (const at of [0, Math.floor(text.length / 2), text.length - 3]) {
        const changed = [...text]
        changed[at] = changed[at] === 'A' ? 'B' : 'A'
        const token = parts.map((own, n) => (n === index ? changed.join('') : own)).join('.')
        expect((await answerTo(token)).status, `part ${index} at ${at}`).toBe(401)
      }
    }
  })

  it('grants no role, session or permission beyond the signed ones', async () => {
    const [header, , signature] = caller.accessToken.split('.')
    for (const more of [
      { role: 'admin' },
      { perms: ['audit.read'] },
      { mfa: true, mfa_at: nowSeconds() },
      { sid: newId() },
    ]) {
      const payload = Buffer.from(JSON.stringify({ ...claims, ...more })).toString('base64url')
      expect(await answerTo(`${header}.${payload}.${signature}`)).toEqual(refused)
    }
  })

  it('is small, short-lived, and contains no personal data but ids', async () => {
    expect(decodeProtectedHeader(caller.accessToken)).toEqual({
      alg: 'EdDSA',
      typ: 'at+jwt',
      kid: ownKey.kid,
    })
    expect(Number(claims.exp) - Number(claims.iat)).toBeLessThanOrEqual(accessTokenTtlSeconds)
    expect(JSON.stringify(claims)).not.toContain(caller.phone)
    expect(JSON.stringify(claims)).not.toContain('Test ')
  })

  it('is accepted in its own header only', async () => {
    const { accessToken } = caller
    for (const path of [`/v1/me?access_token=${accessToken}`, `/v1/me?token=${accessToken}`])
      expect((await api(path)).status).toBe(401)
    const carriers: Record<string, string>[] = [
      { cookie: `access_token=${accessToken}; token=${accessToken}; session=${accessToken}` },
      { 'x-access-token': accessToken },
      { 'x-authorization': `Bearer ${accessToken}` },
      { 'proxy-authorization': `Bearer ${accessToken}` },
      { authorization: accessToken },
      { authorization: `Basic ${Buffer.from(`user:${accessToken}`).toString('base64')}` },
      { authorization: `Token ${accessToken}` },
      { authorization: `Bearer ${accessToken}, Bearer ${accessToken}` },
      { authorization: `Bearer ${accessToken} ${accessToken}` },
    ]
    for (const headers of carriers)
      expect([headers, (await api('/v1/me', { headers })).status]).toEqual([headers, 401])
  })

  it('of any length is refused at once, and so is a flood of them', async () => {
    const started = Date.now()
    const long = [
      'A'.repeat(100_000),
      `${'A'.repeat(50_000)}.${'A'.repeat(50_000)}.${'A'.repeat(1_000)}`,
      '.'.repeat(50_000),
      assembled({ alg: 'EdDSA', kid: ownKey.kid, pad: 'x'.repeat(50_000) }, claims, 'A'.repeat(86)),
      assembled(JSON.parse(`${'['.repeat(2_000)}${']'.repeat(2_000)}`), claims, 'A'.repeat(86)),
      await forged(caller, { pad: 'x'.repeat(50_000), exp: nowSeconds() - 60 }),
    ]
    for (const token of long) {
      const response = await send('/v1/me', { headers: withToken(token) })
      expect([token.length, response.status]).toEqual([token.length, 401])
      expect((await response.text()).length).toBeLessThan(1_000)
    }
    await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        api('/v1/me', { headers: withToken(`${n}${'A'.repeat(8_000)}`) }),
      ),
    )
    expect(Date.now() - started).toBeLessThan(30_000)
  })
})
