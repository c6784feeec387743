export {
  type DemoAddon,
  type DemoCategory,
  demoAddons,
  demoCategories,
  subcategorySlugs,
  TOP_CATEGORY_SLUGS,
  type TopCategorySlug,
} from './categories.ts'
export type { DemoLocale } from './names.ts'
export {
  type DemoPerson,
  type DemoTasker,
  type DemoTaskerStatus,
  type DemoUser,
  demoClients,
  demoFixedTaskers,
  demoFixedUsers,
  demoPeople,
  demoTaskers,
} from './people.ts'
export {
  type DemoCity,
  type DemoCityName,
  type DemoCountry,
  type DemoCurrency,
  type DemoDistrict,
  demoCities,
  demoCity,
  TAHRIR_SQUARE,
} from './places.ts'
export { type DemoPricingBand, demoPricingBand, demoPricingBands } from './pricing-bands.ts'
export { demoAccounts, demoAddresses, demoFavourites, demoSpokenLanguages } from './profiles.ts'
export { DEMO_EPOCH_MS, demoUuid } from './random.ts'
