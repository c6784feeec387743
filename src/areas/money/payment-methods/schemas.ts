import { z } from '@hono/zod-openapi'
import { accountTypes } from '../../../core/gateway-names.ts'
import { storedMethodTypes } from '../../../db/schema/money/payment-methods.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Id, Timestamp, Version } from '../../../http/schemas.ts'
import type { PaymentMethodRow } from './payment-methods.ts'

const Nickname = z.string().trim().min(1).max(60)

export const StoredPaymentMethod = z
  .object({
    id: Id,
    type: z.enum(storedMethodTypes).openapi({ example: 'card', description: 'Kind of method.' }),
    provider: z.string().openapi({ example: 'stripe', description: 'Gateway that keeps it.' }),
    cardBrand: z.string().nullable().openapi({ example: 'visa', description: 'Brand of a card or wallet.' }),
    cardLastFour: z.string().nullable().openapi({ example: '4242', description: 'Last digits of a card.' }),
    cardExpMonth: z.int().nullable().openapi({ example: 12, description: 'Last month of a card.' }),
    cardExpYear: z.int().nullable().openapi({ example: 2034, description: 'Last year of a card.' }),
    bankName: z.string().nullable().openapi({ example: null, description: 'Bank of an account.' }),
    accountLastFour: z
      .string()
      .nullable()
      .openapi({ example: null, description: 'Last digits of an account.' }),
    accountType: z.enum(accountTypes).nullable().openapi({
      example: 'credit',
      description: 'What a card draws on; null where its gateway does not tell.',
    }),
    nickname: z.string().nullable().openapi({ example: 'Family card', description: 'Your name for it.' }),
    isDefault: z.boolean().openapi({ example: true, description: 'Whether apps offer it first.' }),
    isExpired: z
      .boolean()
      .openapi({ example: false, description: 'Whether the card has expired: it pays nothing any more.' }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('StoredPaymentMethod', {
    description: 'A method that a gateway keeps for you. Its number is known to the gateway alone.',
  })

export const StoredPaymentMethodPage = pageOf(StoredPaymentMethod, 'StoredPaymentMethodPage')

export const PaymentMethodsQuery = z.object({ ...pageQuery })

export const UpdatePaymentMethod = z
  .strictObject({
    nickname: Nickname.nullable().optional().openapi({
      example: 'Family card',
      description: 'Your name for it; null takes it away.',
    }),
    isDefault: z.boolean().optional().openapi({
      example: true,
      description: '`true` makes it the default, in place of the one before; `false` leaves no default.',
    }),
  })
  .openapi('UpdatePaymentMethod', {
    example: { nickname: 'Family card', isDefault: true },
    description: 'A new name for a stored method, or whether it is the default.',
  })

export const toStoredPaymentMethod = (row: PaymentMethodRow): z.infer<typeof StoredPaymentMethod> => ({
  id: row.id,
  type: row.type,
  provider: row.provider,
  cardBrand: row.cardBrand,
  cardLastFour: row.cardLastFour,
  cardExpMonth: row.cardExpMonth,
  cardExpYear: row.cardExpYear,
  bankName: row.bankName,
  accountLastFour: row.accountLastFour,
  accountType: row.accountType,
  nickname: row.nickname,
  isDefault: row.isDefault,
  isExpired: row.isExpired,
  version: row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
})
