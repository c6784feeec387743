import { openWorkshop } from './bench/runtime.ts'
import { chat } from './bench/sections/chat.ts'
import { offers } from './bench/sections/offers.ts'
import { startup } from './bench/sections/startup.ts'
import { throughput } from './bench/sections/throughput.ts'

import { trips } from './bench/sections/trips.ts'

const workshop = await openWorkshop()
const s = { chat, offers, startup, throughput, trips }[process.argv[2] as 'chat']
try {
  console.dir(await s.run({ quick: process.argv.includes('--quick'), workshop }), { depth: 5 })
} finally {
  await workshop.close()
}
