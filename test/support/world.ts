import { calendar } from './world/calendar.ts'
import { commerce } from './world/commerce.ts'
import { contact } from './world/contact.ts'
import { money } from './world/money.ts'
import type { World } from './world/object.ts'
import { people } from './world/people.ts'
import { platform } from './world/platform.ts'
import { supply } from './world/supply.ts'
import { trust } from './world/trust.ts'
import { work } from './world/work.ts'

export const world: World = {
  ...people,
  ...supply,
  ...work,
  ...calendar,
  ...money,
  ...commerce,
  ...contact,
  ...trust,
  ...platform,
}
