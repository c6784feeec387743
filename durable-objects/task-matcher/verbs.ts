/** All that a search asks of the database. Imported lazily: with it come the tables of half the house. */
export { closeWave, endWay, markOfferDelivered, openWave } from '../../src/areas/work/matching/matching.ts'
export { systemContext } from '../../src/system-context.ts'
