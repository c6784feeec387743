import { z } from '@hono/zod-openapi'
import { pageOf } from '../../../http/pages.ts'
import { Id, Latitude, Longitude, Timestamp, Version } from '../../../http/schemas.ts'
import type { AddressRow } from './addresses.ts'
import { CountryCode } from './schemas.ts'

const line = (max: number) => z.string().trim().min(1).max(max)

const Place = z
  .strictObject({
    lat: Latitude.openapi({ example: 30.0626 }),
    lng: Longitude.openapi({ example: 31.2197 }),
  })
  .openapi('Place', { description: 'A point on the map.' })

const addressFields = {
  label: line(40).openapi({ example: 'Home', description: 'Name chosen by the user.' }),
  address: line(300).openapi({
    example: '14 Hassan Sabry St, flat 5',
    description: 'Street, building and apartment.',
  }),
  city: line(80).openapi({ example: 'Cairo', description: 'Name of the city.' }),
  district: line(80).nullable().openapi({ example: 'Zamalek', description: 'District of the city.' }),
  region: line(80).nullable().openapi({ example: 'Cairo Governorate', description: 'State or governorate.' }),
  postalCode: line(20).nullable().openapi({ example: '11211', description: 'Postal code.' }),
  country: CountryCode,
  instructions: line(500).nullable().openapi({
    example: 'Second entrance, code at the porter.',
    description: 'Directions for finding the door.',
  }),
  location: Place.nullable(),
}

export const Address = z
  .object({
    id: Id,
    ...addressFields,
    isDefault: z
      .boolean()
      .openapi({ example: true, description: 'Whether this address is suggested first.' }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('Address', { description: 'A saved address.' })

export const AddressPage = pageOf(Address, 'AddressPage')

const { label, address, city, ...others } = addressFields

export const CreateAddress = z
  .strictObject({
    label,
    address,
    city,
    ...z.object(others).partial().shape,
    country: CountryCode.optional().openapi({
      example: 'NG',
      description:
        'Country code (ISO 3166-1 alpha-2). Defaults to your own country, as in `GET /v1/me`, or to that of your locale.',
    }),
    isDefault: z.boolean().optional().openapi({
      example: true,
      description: 'Replaces the current default address. The first address always becomes the default.',
    }),
  })
  .openapi('CreateAddress', {
    example: {
      label: 'Home',
      address: '14 Hassan Sabry St, flat 5',
      city: 'Cairo',
      district: 'Zamalek',
      location: { lat: 30.0626, lng: 31.2197 },
      isDefault: true,
    },
  })

export const UpdateAddress = z
  .strictObject(addressFields)
  .partial()
  .strict()
  .openapi('UpdateAddress', {
    example: { label: 'Parents', instructions: 'Ring twice.', location: { lat: 30.0611, lng: 31.2201 } },
  })

export const toAddress = (row: AddressRow): z.infer<typeof Address> => row
