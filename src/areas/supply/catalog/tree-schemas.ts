import { z } from '@hono/zod-openapi'
import { nameIn, type TextLocales, textIn } from '../../../core/translations.ts'
import { Currency, Id } from '../../../http/schemas.ts'
import { addonMinutes, priceMinor } from './addon-schemas.ts'
import { Color, Slug } from './schemas.ts'
import { Description, IconUrl, iconUrlOf, Name } from './text-schemas.ts'
import { type NodeRow, treeLimit } from './tree.ts'

const AddonOfTree = z
  .object({
    id: Id,
    name: Name.openapi({ example: 'Silicone sealing' }),
    description: Description,
    priceMinor,
    currency: Currency,
    minutes: addonMinutes,
  })
  .openapi('CategoryTreeAddon', { description: 'An extra at a price of its own.' })

const CategoryNode = z
  .object({
    id: Id,
    slug: Slug,
    parentId: Id.nullable().openapi({ description: 'Parent, which comes before it; null at the top level.' }),
    depth: z.int().openapi({ example: 1, description: 'Number of categories above it.' }),
    name: Name.openapi({ example: 'Leak repair' }),
    description: Description,
    color: Color.nullable(),
    iconUrl: IconUrl,
    addons: z.array(AddonOfTree).openapi({ description: 'Active add-ons to show with it, in their order.' }),
  })
  .openapi('CategoryNode', { description: 'A category in its place in the tree.' })

export const CategoryTree = z
  .object({
    data: z.array(CategoryNode).max(treeLimit).openapi({
      description: 'Every active category: each before those below it, siblings in their order.',
    }),
  })
  .openapi('CategoryTree', { description: 'What the platform offers, in one answer.' })

export const toTree = (
  rows: NodeRow[],
  locales: TextLocales,
  apiOrigin: string,
): z.infer<typeof CategoryTree> => ({
  data: rows.map(({ names, descriptions, iconMediaId, addons, ...node }) => ({
    ...node,
    name: nameIn(locales, names),
    description: textIn(locales, descriptions),
    iconUrl: iconUrlOf(iconMediaId, apiOrigin),
    addons: addons.map(({ names, descriptions, priceAmount, ...addon }) => ({
      ...addon,
      name: nameIn(locales, names),
      description: textIn(locales, descriptions),
      priceMinor: priceAmount,
    })),
  })),
})
