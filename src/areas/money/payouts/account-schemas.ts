import { z } from '@hono/zod-openapi'
import { hasCardNumber } from '../../../core/card-numbers.ts'
import { bookCurrencies, isCountry } from '../../../core/countries.ts'
import { valueTexts } from '../../../core/value-texts.ts'
import { nameMatches, payoutAccountKinds } from '../../../db/schema/money/payouts.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import { Currency, Id, Timestamp, Version } from '../../../http/schemas.ts'
import type { PayoutAccountRow } from './accounts.ts'

const country = z
  .string()
  .regex(/^[A-Z]{2}$/, valueTexts.countryCode)
  .refine(isCountry, valueTexts.countryCode)
  .openapi({ example: 'EG', description: 'Country of the account (ISO 3166-1 alpha-2).' })
const holderName = z.string().trim().min(2).max(100).openapi({
  example: 'Amina Hassan',
  description: 'Holder, as the bank knows them.',
})

const Bank = z
  .strictObject({
    kind: z.literal('bank').openapi({ description: 'Kind of account.' }),
    country,
    bankCode: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9-]{2,40}$/, valueTexts.bankCode)
      .openapi({ example: 'NBEGEGCX', description: 'Code of the bank: BIC, sort code or IFSC.' }),
    accountNumber: z
      .string()
      .max(60)
      .transform((text) => text.replace(/[ -]/g, '').toUpperCase())
      .pipe(
        z
          .string()
          .regex(/^[A-Z0-9]{5,34}$/, valueTexts.accountNumber)
          .refine((number) => !hasCardNumber(number), valueTexts.noCardNumber),
      )
      .openapi({
        type: 'string',
        maxLength: 60,
        example: 'EG380019000500000000263180002',
        description: 'Account number or IBAN; never the number of a card.',
      }),
    holderName,
  })
  .openapi('BankAccount', { description: 'A bank account.' })

const MobileWallet = z
  .strictObject({
    kind: z.literal('mobile_wallet').openapi({ description: 'Kind of account.' }),
    country,
    network: z.string().trim().min(2).max(40).openapi({
      example: 'vodafone',
      description: 'Network or operator of the wallet.',
    }),
    phone: z
      .string()
      .regex(/^\+[1-9]\d{6,14}$/, valueTexts.phoneNumber)
      .openapi({ example: '+201001234567', description: 'Phone number of the wallet (E.164).' }),
    holderName,
  })
  .openapi('MobileWalletAccount', { description: 'A mobile wallet.' })

const Upi = z
  .strictObject({
    kind: z.literal('upi').openapi({ description: 'Kind of account.' }),
    vpa: z
      .string()
      .regex(/^[A-Za-z0-9._-]{2,64}@[A-Za-z0-9]{2,32}$/, valueTexts.upiAddress)
      .openapi({ example: 'amina@okbank', description: 'UPI address.' }),
    holderName,
  })
  .openapi('UpiAccount', { description: 'A UPI address (India).' })

const Paypal = z
  .strictObject({
    kind: z.literal('paypal').openapi({ description: 'Kind of account.' }),
    email: z.email().max(200).openapi({
      example: 'amina@example.com',
      description: 'Address of the PayPal account.',
    }),
    holderName,
  })
  .openapi('PaypalAccount', { description: 'A PayPal account.' })

const Destination = z
  .discriminatedUnion('kind', [Bank, MobileWallet, Upi, Paypal])
  .openapi('PayoutDestination', {
    description: 'Where money goes. It is kept encrypted, and no answer shows more than its last characters.',
  })

const example = {
  currency: 'EGP',
  destination: {
    kind: 'bank',
    country: 'EG',
    bankCode: 'NBEGEGCX',
    accountNumber: 'EG380019000500000000263180002',
    holderName: 'Amina Hassan',
  },
} as const

export const AddPayoutAccount = z
  .strictObject({
    currency: z
      .enum(bookCurrencies)
      .openapi({ example: 'EGP', description: 'Currency that is paid out to it (ISO 4217).' }),
    destination: Destination,
    isDefault: z
      .boolean()
      .optional()
      .openapi({ description: 'Whether it replaces the default account of its currency.' }),
  })
  .openapi('AddPayoutAccount', { description: 'An account to be paid out to.', example })

/** Holder by the word of the bank. */
export const holderFields = {
  resolvedName: z.string().nullable().openapi({
    example: 'AMINA M HASSAN',
    description: 'Holder, as the bank says; null until it has said so, and where no gateway can ask it.',
  }),
  nameMatch: z.enum(nameMatches).nullable().openapi({
    example: 'close',
    description:
      'How both names compare; null until the bank has named the holder. Payouts to a `different` holder are on hold until staff release one.',
  }),
}

export const PayoutAccount = z
  .object({
    id: Id,
    kind: z.enum(payoutAccountKinds).openapi({ example: 'bank', description: 'Kind of account.' }),
    country: z.string().openapi({ example: 'EG', description: 'Country (ISO 3166-1 alpha-2).' }),
    currency: Currency,
    lastFour: z
      .string()
      .nullable()
      .openapi({ example: '0002', description: 'Last characters of the number or address.' }),
    holderName: z.string().nullable().openapi({ example: 'Amina Hassan', description: 'Holder, as given.' }),
    ...holderFields,
    isDefault: z.boolean().openapi({ description: 'Whether payouts in its currency go to it.' }),
    refusedAt: Timestamp.nullable().openapi({
      description: 'When a bank refused it: nothing is paid out to it any more.',
    }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('PayoutAccount', { description: 'An account that you are paid out to.' })

export const PayoutAccountPage = pageOf(PayoutAccount, 'PayoutAccountPage')
export const AccountPage = z.object({ ...pageQuery })

export const toPayoutAccount = ({
  status: _status,
  ...row
}: PayoutAccountRow): z.infer<typeof PayoutAccount> => row
