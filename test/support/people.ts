/** People of the sample city, for the tests of rooms above theirs. */
export { moveIn, type Neighbour } from '../../src/people/residents/testing/move-in.ts'
export { openOwnSite } from '../../src/people/consent/testing/own-site.ts'
