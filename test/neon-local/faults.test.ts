import { request as httpRequest } from 'node:http'
import { neon } from '@neondatabase/serverless'
import { describe, expect, test } from 'vitest'
import { localUrl } from '../../tools/database/real.ts'
import { postgresBackend } from '../../tools/neon-local/postgres.ts'
import { startNeonLocal } from '../../tools/neon-local/server.ts'
import { eventually } from '../support/eventually.ts'
import { describeBackEnds, type Stack } from './back-ends.ts'

const control = (stack: Stack, name: string, body: unknown) =>
  fetch(stack.shim.url.replace('/sql', `/__control/${name}`), { method: 'POST', body: JSON.stringify(body) })

describeBackEnds((stack) => {
  test('refused connections look to the driver like an outage, then end', async () => {
    const { sql, shim } = stack()
    shim.refuse(true)
    await expect(sql`select 1`).rejects.toThrow('Server error (HTTP status 503)')
    await expect(sql.transaction([sql`select 1`])).rejects.toMatchObject({
      name: 'NeonDbError',
      code: undefined,
    })
    shim.refuse(false)
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }])
    shim.refuse(60_000)
    await expect(sql`select 1`).rejects.toThrow('503')
    shim.refuse(100)
    await eventually('the end of the outage', () => sql`select 1`.catch(() => null))
  })

  test('tests inside workerd refuse through the control path', async () => {
    expect((await control(stack(), 'refuse', { ms: 60_000 })).status).toBe(200)
    await expect(stack().sql`select 1`).rejects.toThrow('503')
    expect((await control(stack(), 'refuse', { ms: false })).status).toBe(200)
    expect(await stack().sql`select 1 as one`).toEqual([{ one: 1 }])
    expect((await control(stack(), 'nonsense', {})).status).toBe(404)
  })

  test('a lost reply is an error to the caller, but the effect is there', async () => {
    const { sql } = stack()
    await control(stack(), 'lose-replies', { count: 1 })
    await expect(sql`insert into accounts (id, owner) values (1, 'lost')`).rejects.toThrow(
      'Error connecting to database',
    )
    expect(await sql`select owner from accounts where id = 1`).toEqual([{ owner: 'lost' }])
  })

  test('a request outside the protocol is refused with a reason', async () => {
    const { post, shim, appUrl } = stack()
    const reasonFor = async (body: unknown, headers?: Record<string, string>) => {
      const response = await post(body, headers)
      return [response.status, ((await response.json()) as { message: string }).message]
    }
    expect(await reasonFor('{')).toEqual([400, 'the body is not JSON'])
    expect(await reasonFor('null')).toEqual([400, 'a statement must be an object'])
    expect(await reasonFor({ query: 1 })).toEqual([400, '"query" must be a string'])
    expect(await reasonFor({ query: 'select 1', params: 'x' })).toEqual([400, '"params" must be an array'])
    expect(await reasonFor({ queries: {} })).toEqual([400, '"queries" must be an array'])
    expect(await reasonFor({ query: 'select 1' }, {})).toEqual([
      400,
      'the Neon-Connection-String header is missing',
    ])
    expect(
      await reasonFor(
        { queries: [] },
        { 'Neon-Connection-String': appUrl, 'Neon-Batch-Isolation-Level': 'Chaos' },
      ),
    ).toEqual([400, 'unknown isolation level "Chaos"'])
    expect(await reasonFor({ query: 'select $1', params: ['x'.repeat(9 * 1024 * 1024)] })).toEqual([
      413,
      'the body is over 8388608 bytes',
    ])
    expect((await fetch(shim.url)).status).toBe(404)
  })

  test('a caller that disconnects does not affect others', async () => {
    const { shim, sql } = stack()
    await new Promise<void>((resolve) => {
      const request = httpRequest(shim.url, { method: 'POST', headers: { 'content-length': 1000 } })
      request.on('error', () => resolve())
      request.write('{"query":', () => request.destroy(new Error('hung up')))
    })
    expect(await sql`select 1 as one`).toEqual([{ one: 1 }])
  })
})

describe('a Postgres that is not there', () => {
  test('answers 503, not an SQL error', async () => {
    const shim = await startNeonLocal({ backend: postgresBackend({ url: 'postgres://x@127.0.0.1:9/x' }) })
    const { neonConfig } = await import('@neondatabase/serverless')
    neonConfig.fetchEndpoint = shim.url
    await expect(neon(localUrl('x'))`select 1`).rejects.toThrow('Server error (HTTP status 503)')
    const path = shim.url.replace('/sql', '/__control/refuse')
    expect((await fetch(path, { method: 'POST', body: '{}' })).status).toBe(404)
    await shim.close()
  })
})
