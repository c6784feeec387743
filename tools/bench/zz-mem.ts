import { openWorkshop, khidmaWorker, withRuntime } from './runtime.ts'
import { withDatabase } from './database.ts'
import { attachInspector, freePort } from './inspector.ts'
import { operations, planOf, prepareHttpWorld, takeIds, headersOf, CONNECTIONS } from './http-world.ts'
import { withChild } from './child.ts'
import { residentBytes } from './processes.ts'
const inspect = process.argv[2] === 'i', consumers = process.argv[3] === 'c'
const w = await openWorkshop(); const N = 3200
await withDatabase(async (db) => {
  const world = await prepareHttpWorld(db.owner, N * 4)
  const port = await freePort(); const headers = await headersOf(world, w.secrets)
  await withRuntime([khidmaWorker(w, { bindings: db.bindings, hasConsumers: consumers })], async (rt) => {
    const origin = await rt.originOf('khidma'); const i = inspect ? await attachInspector(port, 'khidma') : undefined
    const MB = (x: number) => (x / 2 ** 20).toFixed(0)
    for (let k = 0; k < 3; k++) for (const op of operations) {
      let min = Infinity, max = 0; const t = setInterval(async () => { if (!i) return; const h = await i.call<any>('Runtime.getHeapUsage'); min = Math.min(min, h.usedSize); max = Math.max(max, h.usedSize) }, 30)
      await withChild<any, any, any>('load-process.ts', (c) => c.run(planOf(origin, op, headers, (n) => takeIds(world, op, n, N / CONNECTIONS), N)))
      clearInterval(t); const h = i ? await i.call<any>('Runtime.getHeapUsage') : { usedSize: 0, totalSize: 0, backingStorageSize: 0 }
      console.log(k, op.operationId, 'used min', MB(min), 'max', MB(max), 'total', MB(h.totalSize), 'backing', MB(h.backingStorageSize), 'rss', MB(residentBytes(rt.pid)))
    }
    await new Promise(r => setTimeout(r, 5000)); console.log('idle rss', MB(residentBytes(rt.pid)), i ? MB((await i.call<any>('Runtime.getHeapUsage')).usedSize) : '')
    i?.close()
  }, inspect ? { inspectorPort: port } : {})
})
await w.close(); process.exit()
