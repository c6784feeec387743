import { expect, it } from 'vitest'
import { api } from '../../support/api.ts'
import { openChannel } from '../../support/matching.ts'
import { aClient, ok } from '../../support/story.ts'
import { aDraft, aReadyTasker, aTrade } from '../../support/work.ts'

it('latency', async () => {
  const trade = await aTrade()
  const tasker = await aReadyTasker(trade)
  const channel = await openChannel(tasker)
  const client = await aClient()
  const times: number[] = []
  const acc: number[] = []
  for (let n = 0; n < 40; n += 1) {
    const { id } = await aDraft(client, trade, { startsAt: new Date(Date.now() + (n + 30) * 7_200_000).toISOString() })
    await scheduler.wait(1500)
    const at = performance.now()
    const seen = new Promise<number>((resolve) => {
      const look = () => {
        if (channel.frames.some((f) => f.type === 'offer' && f.data.taskId === id)) resolve(performance.now() - at)
        else scheduler.wait(1).then(look)
      }
      look()
    })
    await ok(api(`/v1/tasks/${id}/post`, { as: client, method: 'POST' }))
    acc.push(performance.now() - at)
    times.push(await seen)
  }
  times.sort((a, b) => a - b); acc.sort((a, b) => a - b)
  console.log('post→offer ms p50', times[20]?.toFixed(1), 'p95', times[38]?.toFixed(1), 'post p50', acc[20]?.toFixed(1))
  expect(times).toHaveLength(40)
}, 120_000)
