import { elsewhere } from '../../../core/jobs.ts'
import { detachMethods } from './detaching.ts'

export const jobs = {
  detachMethods: elsewhere('recover', (ctx) => detachMethods(ctx).then((report) => ({ ...report }))),
}
