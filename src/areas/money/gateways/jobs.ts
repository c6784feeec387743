import { elsewhere } from '../../../core/jobs.ts'
import { workOnEvents } from './receiving.ts'
import { sweep } from './work.ts'

export const jobs = {
  gatewayEvents: elsewhere('recover', async (ctx) => ({ events: await workOnEvents(ctx, null) })),
  gatewayWork: elsewhere('recover', (ctx) => sweep(ctx).then((report) => ({ ...report }))),
}
