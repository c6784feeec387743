import { describe, expect, it } from 'vitest'
import { keepHeads, readHeads } from '../../../../src/areas/trust/audit/anchors.ts'
import { api, env } from '../../../support/api.ts'
import { clockMoves } from '../../../support/eventually.ts'
import { dayInLog, sealWhatWaits } from '../../../support/sealed.ts'
import { aClient, anAdmin, ok } from '../../../support/story.ts'

const head = (letter: string) => letter.repeat(64)

describe('the heads of ended days', () => {
  it('are stored once, and the first one counts', async () => {
    const days = [
      { day: '2019-03-01', rows: 3, head: head('a') },
      { day: '2019-03-02', rows: 4, head: head('b') },
    ]
    expect(await keepHeads(env.MEDIA, days)).toBe(2)
    expect(await keepHeads(env.MEDIA, days)).toBe(0)
    // The day was rewritten: its new head is stored beside the first one, which counts.
    await clockMoves()
    expect(await keepHeads(env.MEDIA, [{ day: '2019-03-01', rows: 3, head: head('c') }])).toBe(1)
    expect([...(await readHeads(env.MEDIA, '2019-03-01', '2019-03-02'))]).toEqual([
      ['2019-03-01', head('a')],
      ['2019-03-02', head('b')],
    ])
    expect([...(await readHeads(env.MEDIA, '2019-03-02', '2019-03-02'))]).toEqual([['2019-03-02', head('b')]])
  })

  it('reveal a log rewritten from end to end', async () => {
    await sealWhatWaits()
    const day = await dayInLog(await aClient())
    const verify = async () =>
      (await ok(api(`/v1/audit-log/verification?from=${day}&to=${day}`, { as: await anAdmin() }))).body
    const untouched = await verify()
    expect(untouched.days.find((one: { day: string }) => one.day === day)).toMatchObject({ anchored: false })
    const before = untouched.firstBroken
    const { key } = (await env.MEDIA.put(`audit-heads/${day}/${head('f')}`, '')) as R2Object
    try {
      expect(before).toBeNull()
      expect(await verify()).toMatchObject({
        intact: false,
        firstBroken: { id: null, day, reason: 'changed' },
      })
    } finally {
      await env.MEDIA.delete(key)
    }
    expect((await verify()).intact).toBe(true)
  }, 300_000)
})
